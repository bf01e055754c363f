"""The app with the people and groups that django-scim2 serves."""
