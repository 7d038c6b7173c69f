package documents

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// levels is how many strengths an edge has between ground and ink. Eight cannot be
// told from 256 at three pixels a point.
const levels = 8

// raster draws marks into a picture with a palette: it holds each ink, and for
// each pair of ground and ink that touch the strengths between them. A byte a
// pixel halves the time and the size of the file against true colour.
type raster struct {
	img    *image.Paletted
	perPt  float64
	from   [256]shade        // what the entries of the palette are
	ramps  [inks][inks]uint8 // where the strengths between two inks begin; 0: nowhere yet
	faces  map[faceKey]font.Face
	vector *vector.Rasterizer
}

// shade is an entry of the palette: so much of an ink on a ground.
type shade struct {
	ground, ink ink
	level       uint8
}

type faceKey struct {
	bold bool
	size float64
}

// png draws the first page of a galley at so many pixels a point.
func (g *galley) png(perPt float64) ([]byte, error) {
	w, h := int(math.Round(g.width*perPt)), int(math.Round(g.height*perPt))
	r := &raster{
		img:    image.NewPaletted(image.Rect(0, 0, w, h), nil),
		perPt:  perPt,
		faces:  map[faceKey]font.Face{},
		vector: vector.NewRasterizer(0, 0),
	}
	for i := range inks {
		r.from[i] = shade{i, i, 0}
		r.img.Palette = append(r.img.Palette, i.rgb())
	}
	for _, m := range g.pages[0] {
		if err := r.draw(g.typefaces, m); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := encoder.Encode(&b, r.img); err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return b.Bytes(), nil
}

func (r *raster) draw(t *typefaces, m mark) error {
	switch m.shape {
	case textShape:
		return r.text(t, m)
	case fillShape:
		r.fill(m)
	case frameShape:
		half := m.size / 2
		for _, side := range [][4]float64{
			{m.x - half, m.y - half, m.w + m.size, m.size}, {m.x - half, m.y + m.h - half, m.w + m.size, m.size},
			{m.x - half, m.y, m.size, m.h}, {m.x + m.w - half, m.y, m.size, m.h},
		} {
			r.fill(mark{ink: m.ink, x: side[0], y: side[1], w: side[2], h: side[3]})
		}
	}
	return nil
}

func (r *raster) text(t *typefaces, m mark) error {
	key := faceKey{m.bold, m.size}
	face, ok := r.faces[key]
	if !ok {
		var err error
		// At 72 dots an inch a size in points is one in pixels.
		face, err = opentype.NewFace(t.cut(m.bold).font, &opentype.FaceOptions{Size: m.size * r.perPt, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			return fmt.Errorf("prepare typeface: %w", err)
		}
		r.faces[key] = face
	}
	// Letters stand on whole pixels, a third of a point: so the same letter is the
	// same picture wherever it stands, which halves the file.
	cut, x, y := t.cut(m.bold), m.x*r.perPt, int(math.Round(m.y*r.perPt))
	for _, c := range m.text {
		at := fixed.P(int(math.Round(x)), y)
		if where, mask, from, _, ok := face.Glyph(at, c); ok {
			r.blend(where, mask.(*image.Alpha), from, m.ink)
		}
		x += cut.width(string(c), m.size) * r.perPt
	}
	return nil
}

// fill draws a rectangle. One with square corners covers whole pixels.
func (r *raster) fill(m mark) {
	x0, y0, x1, y1 := m.x*r.perPt, m.y*r.perPt, (m.x+m.w)*r.perPt, (m.y+m.h)*r.perPt
	if m.size == 0 {
		where := image.Rect(int(math.Round(x0)), int(math.Round(y0)), int(math.Round(x1)), max(int(math.Round(y1)), int(math.Round(y0))+1))
		where = where.Intersect(r.img.Rect)
		for y := where.Min.Y; y < where.Max.Y; y++ {
			line := r.img.Pix[r.img.PixOffset(where.Min.X, y):r.img.PixOffset(where.Max.X, y)]
			for i := range line {
				line[i] = uint8(m.ink)
			}
		}
		return
	}
	where := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1))).Intersect(r.img.Rect)
	if where.Empty() {
		return
	}
	r.vector.Reset(where.Dx(), where.Dy())
	r.rounded(float32(x0)-float32(where.Min.X), float32(y0)-float32(where.Min.Y), float32(x1-x0), float32(y1-y0), float32(m.size*r.perPt))
	mask := image.NewAlpha(image.Rect(0, 0, where.Dx(), where.Dy()))
	r.vector.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	r.blend(where, mask, image.Point{}, m.ink)
}

// rounded traces a rectangle with round corners.
func (r *raster) rounded(x, y, w, h, radius float32) {
	radius = min(radius, w/2, h/2)
	k := radius * 0.4477 // what is left of the radius where a cubic comes closest to a circle
	v := r.vector
	v.MoveTo(x+radius, y)
	v.LineTo(x+w-radius, y)
	v.CubeTo(x+w-k, y, x+w, y+k, x+w, y+radius)
	v.LineTo(x+w, y+h-radius)
	v.CubeTo(x+w, y+h-k, x+w-k, y+h, x+w-radius, y+h)
	v.LineTo(x+radius, y+h)
	v.CubeTo(x+k, y+h, x, y+h-k, x, y+h-radius)
	v.LineTo(x, y+radius)
	v.CubeTo(x, y+k, x+k, y, x+radius, y)
	v.ClosePath()
}

// blend lays an ink through a mask onto what is there.
func (r *raster) blend(where image.Rectangle, mask *image.Alpha, from image.Point, i ink) {
	in := where.Intersect(r.img.Rect)
	from = from.Add(in.Min.Sub(where.Min))
	for y := range in.Dy() {
		over := mask.Pix[mask.PixOffset(from.X, from.Y+y):]
		line := r.img.Pix[r.img.PixOffset(in.Min.X, in.Min.Y+y):]
		for x := range in.Dx() {
			if level := (int(over[x])*levels + 128) / 255; level > 0 {
				line[x] = r.shade(line[x], i, uint8(min(level, levels)))
			}
		}
	}
}

// shade returns the entry for an ink at a level over the entry there is. Where
// two edges meet the stronger counts.
func (r *raster) shade(there uint8, i ink, level uint8) uint8 {
	below := r.from[there]
	if below.ink == i && below.ground != i {
		level = max(level, below.level)
	}
	if level == levels || below.ground == i {
		return uint8(i)
	}
	base := r.ramps[below.ground][i]
	if base == 0 {
		if len(r.img.Palette)+levels-1 > 256 {
			return uint8(i)
		}
		base = r.newRamp(below.ground, i)
	}
	return base + level - 1
}

// newRamp adds the strengths between two inks to the palette.
func (r *raster) newRamp(ground, over ink) uint8 {
	base := uint8(len(r.img.Palette))
	r.ramps[ground][over] = base
	from, to := ground.rgb(), over.rgb()
	for level := 1; level < levels; level++ {
		mix := func(a, b uint8) uint8 { return uint8((int(a)*(levels-level) + int(b)*level) / levels) }
		r.from[len(r.img.Palette)] = shade{ground, over, uint8(level)}
		r.img.Palette = append(r.img.Palette, color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 255})
	}
	return base
}
