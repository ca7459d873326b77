from . import cs_interaction_log
from . import cs_journey_start
from . import cs_metric_source_preview
from . import cs_reason
from . import cs_sheet_import
from . import cs_sheet_import_column
from . import cs_sheet_import_line
from . import cs_segment_choice
