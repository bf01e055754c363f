pytest_plugins = ["scimproof"]
