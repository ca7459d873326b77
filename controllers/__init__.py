from . import ingest
from . import cs_sheet_load
