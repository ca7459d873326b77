from . import cs_sheet_load
