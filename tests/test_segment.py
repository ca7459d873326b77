from .common import CsCase


class TestSegment(CsCase):
    """Enterprise needs 3 of its 5 facts; ME/PME takes who else is known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterprise = cls.env.ref("customer_success.cs_segment_enterprise")
        cls.small = cls.env.ref("customer_success.cs_segment_me_pme")

    def segment_of(self, **facts):
        account = self.make_account()
        self.record(account, **facts)
        self.env["cs.segment"]._assign(account)
        return account

    def test_at_the_limits_it_is_small(self):
        account = self.segment_of(employees=100, mrr=2000)
        self.assertEqual(account.segment_id, self.small)

    def test_three_of_five_is_enterprise(self):
        account = self.segment_of(employees=101, mrr=2001, products=3)
        self.assertEqual(account.segment_id, self.enterprise)
        self.assertFalse(account.segment_provisional)
        self.assertEqual(account.touch_model, "high")

    def test_two_of_five_is_small_and_says_what_is_missing(self):
        account = self.segment_of(mrr=10000, products=3)
        self.assertEqual(account.segment_id, self.small)
        self.assertTrue(account.segment_provisional)
        for missing in ("employees", "from_competitor", "contacts"):
            name = self.env.ref(f"customer_success.cs_metric_{missing}").name
            self.assertIn(name, account.segment_explanation)

    def test_one_known_fact_that_does_not_match(self):
        account = self.segment_of(contacts=4)
        self.assertEqual(account.segment_id, self.small)
        self.assertTrue(account.segment_provisional)

    def test_nothing_known_is_unsegmented(self):
        account = self.segment_of()
        self.assertFalse(account.segment_id)

    def test_all_known_is_certain(self):
        account = self.segment_of(
            employees=100, mrr=2000, products=2, from_competitor=0, contacts=4
        )
        self.assertEqual(account.segment_id, self.small)
        self.assertFalse(account.segment_provisional)

    def test_a_touch_model_set_by_hand_stays(self):
        account = self.segment_of(employees=10)
        self.assertEqual(account.touch_model, "mid")
        account.touch_model = "low"
        self.record(account, employees=500, mrr=5000, products=4)
        self.env["cs.segment"]._assign(account)
        self.assertEqual(account.segment_id, self.enterprise)
        self.assertEqual(account.touch_model, "low")

    def test_a_touch_model_by_hand_is_one_also_where_the_segment_has_it_too(self):
        account = self.segment_of(employees=10)
        account.touch_model = "mid"
        self.record(account, employees=500, mrr=5000, products=4)
        self.env["cs.segment"]._assign(account)
        self.assertEqual(account.touch_model, "mid")
        account.touch_model = False
        self.assertEqual(account.touch_model, "high")
        self.assertFalse(account.touch_model_by_hand)

    def test_the_touch_model_of_a_segment_reaches_its_customers(self):
        follows, chosen = (self.segment_of(employees=10) for _number in range(2))
        chosen.touch_model = "high"
        for touch_model in ("tech", "low"):
            self.small.touch_model = touch_model
            self.assertEqual(follows.touch_model, touch_model)
            self.assertEqual(chosen.touch_model, "high")
        self.record(follows, employees=500, mrr=5000, products=4)
        self.env["cs.segment"]._assign(follows)
        self.assertEqual(follows.touch_model, "high")

    def row_version(self, account):
        """Return where the row lies: elsewhere after each write of it."""
        self.env.flush_all()
        self.env.cr.execute("SELECT ctid FROM cs_account WHERE id = %s", [account.id])
        return self.env.cr.fetchone()

    def test_again_changes_and_writes_nothing(self):
        account = self.segment_of(employees=101, mrr=2001, products=3)
        before = self.row_version(account)
        self.assertFalse(self.env["cs.segment"]._assign(account))
        self.assertEqual(self.row_version(account), before)
        self.record(account, employees=102)
        before = self.row_version(account)
        self.env["cs.segment"]._assign(account)
        self.assertNotEqual(self.row_version(account), before)

    def test_many_cost_no_more_queries(self):
        accounts = self.env["cs.account"].concat(
            *(self.make_account() for _number in range(30))
        )
        for account in accounts:
            self.record(
                account, employees=50 + 100 * (account.id % 2), mrr=3000, products=3
            )
        self.env["cs.segment"]._assign(accounts[:1])
        with self.assertQueryCount(8):
            self.env["cs.segment"]._assign(accounts)
        self.assertEqual(len(accounts.mapped("segment_id")), 2)
