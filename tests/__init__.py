from . import test_journey_walk
from . import test_metric_record
from . import test_metric_reader
from . import test_metric_ingest
from . import test_metric_builtin
from . import test_metric_speed
from . import test_sheet_cells
from . import test_sheet_import
