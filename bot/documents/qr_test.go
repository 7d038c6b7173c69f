package documents_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"sachhon/bot/documents"
)

// scan reads a code as a phone does.
func scan(t *testing.T, picture []byte) string {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatalf("no phone reads this code: %v", err)
	}
	return found.GetText()
}

func TestACodeIsRead(t *testing.T) {
	for _, text := range []string{
		"https://t.me/sachhon_bot?start=class_7f3k", "https://zalo.me/1234567890?src=LEAF3", "7F3K-021", "0912345678", "Nguyễn Thị Hòa, lớp SXSH ngành gỗ", strings.Repeat("https://example.vn/", 30),
	} {
		for _, px := range []int{240, 500, 777} {
			file, err := documents.QR(text, px)
			if err != nil {
				t.Fatal(err)
			}
			if size, err := png.DecodeConfig(bytes.NewReader(file)); err != nil || size.Width != px || size.Height != px {
				t.Errorf("a code of %d pixels has %d × %d: %v", px, size.Width, size.Height, err)
			}
			if got := scan(t, file); got != text {
				t.Errorf("%q is read as %q", text, got)
			}
		}
	}
}

func TestACodeThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		px   int
	}{"nothing": {"", 300}, "too much": {strings.Repeat("secret", 600), 300}, "too small": {"https://t.me/sachhon_bot", 20}, "no size": {"a", 0}} {
		file, err := documents.QR(c.text, c.px)
		if err == nil || file != nil {
			t.Errorf("%s: %d bytes and the error %v", name, len(file), err)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error tells the text: %v", name, err)
		}
	}
}
