"""What a browser would send of the editor's form."""


def inputs(page):
    """Names and values of the fields on a page of the editor."""
    form = next(f for f in page.tree.iter("form") if f.get("id") == "write_form")
    values = {}
    for node in form.iter():
        if node.get("name") and node.get("type") != "radio":
            text = "".join(node.itertext()) if node.tag == "textarea" else node.get("value") or ""
            values[node.get("name")] = text.removeprefix("\n") if node.tag == "textarea" else text
    return values
