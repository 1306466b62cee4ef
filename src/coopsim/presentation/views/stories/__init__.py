"""Single timelines as they are told: a story, two side by side, and what events waited for."""
