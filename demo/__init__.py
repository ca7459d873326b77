from . import cs_demo
from . import cs_demo_work
from . import cs_demo_past
from . import cs_demo_portal
from . import cs_demo_features
from . import cs_demo_people
from . import cs_demo_sources
from . import cs_demo_diagnostic
