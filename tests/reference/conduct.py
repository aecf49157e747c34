"""Price wars (docs/model.md, 4e)."""


def advance_wars(s, draws, t, month, state):
    """(4.13)"""
    if draws.frozen("conduct"):
        return
    for number, (name, region) in enumerate(s.regions.items()):
        start = draws.uniform("conduct", t, 2 * number)
        end = draws.uniform("conduct", t, 2 * number + 1)
        if state.war[name]:
            state.war[name] = not end < region.war_end
        else:
            used = month.utilisation[name]
            state.war[name] = used is not None and used < region.war_trigger and start < region.war_start
