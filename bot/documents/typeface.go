package documents

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// lastLetter bounds which letters of a typeface are used. Latin with every
// Vietnamese mark, punctuation, arrows and boxes stand below it.
const lastLetter = 0x2600

// typeface is one cut of a typeface: the file for those who embed it, the
// outlines for those who draw it, the widths for those who measure. It is not
// changed once read.
type typeface struct {
	file   []byte
	font   *sfnt.Font
	widths [lastLetter]uint16 // in units of the typeface; 0 where it has no such letter or the letter has no width
	has    [lastLetter]bool
	em     float64 // units of the typeface in one em
}

// typefaces are the two cuts in which everything is set. Liberation Sans has
// every letter of Vietnamese ready-made and the widths of the type that
// offices know as Arial.
type typefaces struct{ regular, bold *typeface }

func loadTypefaces() (*typefaces, error) {
	regular, err := loadTypeface(liberationsansregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("read regular typeface: %w", err)
	}
	bold, err := loadTypeface(liberationsansbold.TTF)
	if err != nil {
		return nil, fmt.Errorf("read bold typeface: %w", err)
	}
	return &typefaces{regular, bold}, nil
}

func loadTypeface(file []byte) (*typeface, error) {
	f, err := sfnt.Parse(file)
	if err != nil {
		return nil, err
	}
	t := &typeface{file: file, font: f, em: float64(f.UnitsPerEm())}
	var b sfnt.Buffer
	for r := ' '; r < lastLetter; r++ {
		glyph, err := f.GlyphIndex(&b, r)
		if err != nil {
			return nil, err
		}
		if glyph == 0 {
			continue
		}
		// At as many pixels an em as it has units, an advance is in units.
		advance, err := f.GlyphAdvance(&b, glyph, fixed.I(int(f.UnitsPerEm())), 0)
		if err != nil {
			return nil, err
		}
		t.widths[r], t.has[r] = uint16(advance.Round()), true
	}
	return t, nil
}

// cut returns the bold or the regular one.
func (t *typefaces) cut(bold bool) *typeface {
	if bold {
		return t.bold
	}
	return t.regular
}

// width is how wide s is at the size, both in points.
func (t *typeface) width(s string, size float64) float64 {
	units := 0
	for _, r := range s {
		if r < lastLetter {
			units += int(t.widths[r])
		}
	}
	return float64(units) * size / t.em
}

// settable returns s with composed letters, tidy lines and only what the
// typefaces can show. A letter of a script they lack becomes a box, so that
// nobody takes a name with a gap for the whole of it; other signs, emoji for
// one, are dropped.
func (t *typefaces) settable(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r < lastLetter && t.regular.has[r] && t.bold.has[r] && !unicode.Is(unicode.Cf, r):
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return '□'
		}
		return -1
	}, norm.NFC.String(printable(s)))
	return tidyLines(s)
}

// settableLine is settable in one line.
func (t *typefaces) settableLine(s string) string { return oneLine(t.settable(s)) }
