"""Sidecars as programs write them."""

NAMESPACES = """xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:x="adobe:ns:meta/" xmlns:dc="http://purl.org/dc/elements/1.1/" """


def xmp(attributes: str = "", elements: str = "") -> bytes:
    """A sidecar as programs write it."""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta {NAMESPACES}><rdf:RDF><rdf:Description rdf:about="" {attributes}>{elements}
        </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()
