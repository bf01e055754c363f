"""The forms of a report that are text: Markdown, JUnit, GitHub, the terminal."""
