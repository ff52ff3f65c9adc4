//! The pure planner: desired, remembered and observed in, a Plan out.
