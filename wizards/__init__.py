from . import cs_interaction_log
from . import cs_journey_start
from . import cs_reason
from . import cs_handoff_send_back
