from . import test_journey_walk

