"""The promises of products: what a product shows of what came through SCIM.

How to add a product, or a case to one:

- `catalogue/NAME.json` has its promises. Every entry has `product`, and in `idps` those with which
  it is tried (none: no IdP takes part). `not_achievable` says of an IdP why the promise cannot come
  true with it; `testable: not-testable` with a `reason` is for what nobody can check.
- `products/NAME/kit.py` holds `KIT`: how the probe is made, the documented set-up of each IdP
  (`kit.SetUp`), and the settings of the simulation. `products/NAME/probe.py` derives from
  `probe.Probe`, which says of everything that an implementation cannot do how it is done by hand.
- Cases are in `products/NAME/test_*.py`, marked with
  `@requirement("ID", proof=("deviation",), idps=None)`. A `proof` names deviations of the product
  (or of the protocol), by IdP where they differ: `{"okta": (...), "entra": (...)}`.

Fixtures (`conftest.py`):

- `workspace`: one workspace of the product. On our simulation it is the case's own, with SCIM off;
  on a named target it is the one that the target file names, with SCIM on. `workspace.owner` is
  the probe with the owner's key, `workspace.acting("admin")` that of another member,
  `workspace.before_scim()` skips the case where SCIM is on already, `workspace.switch_on()` turns
  it on, `workspace.started(**settings)` takes another start (of a simulation only).
  `workspace.add_user(probe, email)` and `workspace.create_group(probe, name)` write down what is
  made in the product before they try it, so that it is cleaned up.
- `company`: the customer: a directory and the living mock IdP, set up as the product documents it,
  against that workspace (SCIM is switched on by it). `company.hire(n)`, `company.directory`,
  `company.form(...)`; `company.sync()` lets the IdP go on until it is in step (a Mismatch if it
  cannot), `company.arrange(by="ID")` does the same as preparation (Blocked). `company.replay()` is
  the mock IdP verb by verb. `company.set_up(**settings)` is one whose mock IdP is set up otherwise
  (`switches`, `toggles`, `mapping`, `scope`, `form`).
- `company.shows_member(key, status=..., name=...)`, `shows_nobody(email)`, `shows_group(name,
  people)`, `shows_no_group(name)`, `shows_only(before, *keys)`, `shows_no_new_group(before)` and
  `workspace.shown(read, fits, expected, actual)` expect what the product shows.

An expectation is about the product's own word: `probe.users()` and the like return `Shown` values,
which know the exchange that shows them; `workspace.shown` reads until the settle time is over. What
a member does (`probe.leave()`) returns the reply; `refused(reply, what)` expects a refusal that
gives a reason, `done(reply, what)` that it was done. On a named target all cases share the
workspace, perhaps at the same time: a case looks at its own people and groups, touches nobody else,
and leaves alone what SCIM rests on (`ProductApi.shared`).
"""
