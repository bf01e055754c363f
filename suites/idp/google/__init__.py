"""The cases of Google Workspace, by the parts of its admin console."""
