package documents_test

import (
	"bytes"
	"fmt"
	"image/png"
	"testing"

	"sachhon/bot/documents"
)

// TestChart holds that bars are as high as their counts, and that any number of
// them, none too, makes a picture.
func TestChart(t *testing.T) {
	chart := documents.Chart{Title: "Diễn tập đợt gửi", Subtitle: "Số tin tới nơi mỗi giờ", Number: func(n int) string { return fmt.Sprint(n) }}
	teal := func(bars ...int) (pixels int) {
		c := chart
		for i, n := range bars {
			c.Bars = append(c.Bars, documents.Bar{Label: fmt.Sprint(i), Group: "1/12", Value: n})
		}
		raw, err := documents.NewPress().Chart(c)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil || img.Bounds().Dx() != 1440 {
			t.Fatal(err)
		}
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if r, g, b, _ := img.At(x, y).RGBA(); r>>8 == 43 && g>>8 == 124 && b>>8 == 132 {
					pixels++
				}
			}
		}
		return pixels
	}
	if n := teal(); n != 0 {
		t.Errorf("no bars have %d pixels", n)
	}
	one, half := teal(1000), teal(1000, 500)
	if ratio := float64(half) / float64(one); one == 0 || ratio < 1.48 || ratio > 1.52 {
		t.Errorf("1,000 has %d pixels, with 500 beside it %d", one, half)
	}
	if n := teal(make([]int, 700)...); n != 0 {
		t.Errorf("700 empty bars have %d pixels", n)
	}
	teal(7)
}
