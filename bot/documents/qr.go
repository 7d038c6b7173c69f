package documents

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// quiet is the empty border of a QR code in modules, which ISO/IEC 18004 asks
// for so that scanners find it.
const quiet = 4

// QR returns a QR code of the text as a PNG in black and white, px pixels wide
// and high with its white border. Modules are whole pixels, so what is left
// over widens the border. It restores itself when some 15 % of it are dirty or
// folded (level M). It is an error if the text is empty or too long for a code,
// or if px gives a module less than one pixel.
func QR(text string, px int) ([]byte, error) {
	code, err := encodeQR(text)
	if err != nil {
		return nil, err
	}
	side := code.Bounds().Dx()
	per := px / (side + 2*quiet)
	if per < 1 {
		return nil, fmt.Errorf("draw QR code: %d pixels are less than the %d modules it has", px, side+2*quiet)
	}
	img := image.NewPaletted(image.Rect(0, 0, px, px), color.Palette{color.White, color.Black})
	border := (px - side*per) / 2
	for y := range side * per {
		for x := range side * per {
			if dark(code, x/per, y/per) {
				img.Pix[img.PixOffset(border+x, border+y)] = 1
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("write QR code: %w", err)
	}
	return b.Bytes(), nil
}

// encodeQR returns the modules of a code, one pixel each. An error never holds
// the text, as that of the library does: it may be a link with a secret in it.
func encodeQR(text string) (barcode.Barcode, error) {
	if text == "" {
		return nil, errors.New("make QR code: no text")
	}
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("make QR code: a text of %d bytes does not fit", len(text))
	}
	return code, nil
}

func dark(code barcode.Barcode, x, y int) bool {
	l, _, _, _ := code.At(x, y).RGBA()
	return l == 0
}

// qr draws a code with its border, each row of dark modules as one bar.
func (g *galley) qr(code barcode.Barcode, x, y, side float64) {
	n := code.Bounds().Dx()
	per := side / float64(n+2*quiet)
	g.fill(x, y, side, side, 0, white)
	for row := range n {
		for col := 0; col < n; {
			run := 0
			for col+run < n && dark(code, col+run, row) {
				run++
			}
			if run > 0 {
				// A trace too high, so that no light shows between two rows.
				g.fill(x+float64(quiet+col)*per, y+float64(quiet+row)*per, float64(run)*per, per*1.02, 0, black)
			}
			col += max(run, 1)
		}
	}
}
