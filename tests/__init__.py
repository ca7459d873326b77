from . import test_journey_walk
from . import test_metric_record
