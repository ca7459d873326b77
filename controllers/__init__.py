from . import ingest
from . import cs_sheet_load
from . import opt_out
from . import portal
from . import portal_plan
from . import portal_document
from . import survey
