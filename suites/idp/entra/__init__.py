"""The cases of Microsoft Entra ID, by the parts of its admin centre."""
