package documents

import "image/color"

// ink is a colour of the house. There is one hue, a calm green blue, in several
// strengths: nothing here says good or bad, and everything stays apart when it
// is printed in black.
type ink uint8

// The inks, from the ground up. On white, text has a contrast of at least 6 to 1.
const (
	white    ink = iota
	mist         // the ground of panels and of the header of a table
	sand         // the ground of a box about safety
	track        // what a bar has not reached
	hairline     // rules and borders
	teal         // bars, accents
	deep         // headings
	black        // text and modules, pure so that printers do not screen it
	grey         // text of the second rank
	bark         // text about safety
	inks         // how many there are
)

// rgb returns the colour on a screen.
func (i ink) rgb() color.RGBA {
	return [inks]color.RGBA{
		white:    {255, 255, 255, 255},
		mist:     {234, 243, 242, 255},
		sand:     {250, 245, 233, 255},
		track:    {216, 228, 227, 255},
		hairline: {176, 192, 193, 255},
		teal:     {43, 124, 132, 255},
		deep:     {16, 70, 80, 255},
		black:    {0, 0, 0, 255},
		grey:     {78, 92, 98, 255},
		bark:     {98, 70, 20, 255},
	}[i]
}
