"""Pictures of the evidence, made small enough for print."""

import base64
import io
import logging

# Odoo opens few formats; this one, that browsers save, registers itself.
from PIL import Image, ImageOps, WebPImagePlugin  # noqa: F401

_logger = logging.getLogger(__name__)

#: Two pictures stand side by side on a page: more than this is not seen in print.
WIDTH, HEIGHT = 1000, 1000
QUALITY = 80
#: A file that claims to be larger is not opened.
MOST_PIXELS = 60_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")


def photo_uri(content):
    """Return a picture as a data URI that every renderer of PDFs shows.

    :param content: the bytes of a file
    :return: a text; None when it is no picture that can be shown
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            return _jpeg_uri(image)
    except Exception as error:
        # What a broken picture raises is not foreseeable; a report doesn't end by it.
        _logger.info("A picture of the evidence is not printed: %s", error)
        return None


def _jpeg_uri(image):
    image.draft("RGB", (WIDTH, HEIGHT))
    image = ImageOps.exif_transpose(image)
    image.thumbnail((WIDTH, HEIGHT))
    if image.mode != "RGB":
        # What is transparent is the paper.
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"
