"""The developer command of customer_success: `python3 dev …`."""
