package documents_test

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sachhon/bot/documents"
	"sachhon/dialogs"
)

// everything makes each document that a press makes.
func everything(t *testing.T, press *documents.Press) [][]byte {
	t.Helper()
	card, err := press.Card(wood())
	if err != nil {
		t.Error(err)
	}
	result, err := press.ResultPDF(wood())
	if err != nil {
		t.Error(err)
	}
	leaflet, err := press.LeafletPDF(air(), documents.A5)
	if err != nil {
		t.Error(err)
	}
	return [][]byte{card, result, leaflet}
}

// TestTwoCopiesAreAlike also has many use one press at once.
func TestTwoCopiesAreAlike(t *testing.T) {
	press := documents.NewPress()
	copies := make([][][]byte, 6)
	var all sync.WaitGroup
	for i := range copies {
		all.Go(func() { copies[i] = everything(t, press) })
	}
	all.Wait()
	first := everything(t, documents.NewPress())
	for _, other := range copies {
		for i := range first {
			if !bytes.Equal(first[i], other[i]) {
				t.Errorf("document %d differs from copy to copy", i)
			}
		}
	}
}

// TestABarIsAsLongAsItsShare measures the bar in the picture.
func TestABarIsAsLongAsItsShare(t *testing.T) {
	press := documents.NewPress()
	for _, percent := range []int{0, 24, 50, 100, 140, -1} {
		file, err := press.Card(documents.Sheet{Band: "Đã có nền", Sections: []documents.SheetSection{{Name: "Nước", Band: "Khá", Percent: percent}}})
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		teal, longest := color.RGBA{43, 124, 132, 255}, 0
		for y := 500; y < img.Bounds().Dy(); y++ {
			n := 0
			for x := range img.Bounds().Dx() {
				if img.At(x, y) == color.Color(teal) {
					n++
				}
			}
			longest = max(longest, n)
		}
		want := map[int]int{0: 24, 24: 230, 50: 480, 100: 960, 140: 960, -1: 0}[percent]
		if longest < want-6 || longest > want+6 {
			t.Errorf("at %d percent the bar has %d pixels, not %d", percent, longest, want)
		}
	}
}

func TestACardInWords(t *testing.T) {
	s := wood()
	s.Sections = s.Sections[3:5]
	want := "Tự đánh giá sơ bộ, Công ty TNHH Chế biến gỗ Minh Phát. Nhìn chung: Đã có nền. Điện và khí nén: Đã có nền. Nhiệt, lò hơi: chưa đủ câu trả lời. " +
		"Ngày 24/11/2026, Đã trả lời 88 %, Bộ câu hỏi go-2026.1. Bản tự đánh giá sơ bộ do đơn vị tự khai, chưa kiểm chứng. Đây không phải kết luận kiểm tra hay chứng nhận. " +
		"Thang của Trung tâm, để sắp thứ tự việc nên làm."
	if got := documents.CardAlt(s); got != want {
		t.Errorf("it says\n%s\nnot\n%s", got, want)
	}
	if got := documents.CardAlt(documents.Sheet{Lang: dialogs.English}); !strings.HasPrefix(got, "Preliminary self-check. On the whole: Not enough answers yet. Answered 0%. A preliminary") {
		t.Errorf("without answers it says %s", got)
	}
}

// TestACodeOnPaperIsRead prints a leaflet and holds a phone over it.
func TestACodeOnPaperIsRead(t *testing.T) {
	printer, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("no pdftoppm here")
	}
	for _, paper := range []documents.Paper{documents.A4, documents.A5} {
		file, err := documents.NewPress().LeafletPDF(documents.Leaflet{Title: "Tờ rơi", Link: air().Link}, paper)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(name, file, 0o600); err != nil {
			t.Fatal(err)
		}
		picture, err := exec.Command(printer, "-r", "150", "-png", "-singlefile", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := scan(t, picture); got != air().Link {
			t.Errorf("on %s the code leads to %q", paper, got)
		}
	}
}

func TestALeafletCanBeSearched(t *testing.T) {
	l := air()
	file, err := documents.NewPress().LeafletPDF(l, documents.A4)
	if err != nil {
		t.Fatal(err)
	}
	text := textOf(t, file)
	for _, want := range []string{
		"bớt chỗ mất trước khi mua thêm máy", "Khí xì ra khỏi ống thì không ai thấy, chỉ hóa đơn điện thấy.", "20–30 %", "An toàn", "Xong ngày", "t.me/sachhon_bot?start=src_LEAF3",
		"0274 3822 222", "L3 · Nội dung chưa được chuyên gia duyệt", "Nguồn: Bộ Năng lượng Hoa Kỳ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not found in %s", want, text)
		}
	}
	l.Reviewed = "Nguyễn Văn An, 10/2026"
	if file, err = documents.NewPress().LeafletPDF(l, documents.A4); err != nil {
		t.Fatal(err)
	}
	if text := textOf(t, file); strings.Contains(text, "chưa được chuyên gia duyệt") || !strings.Contains(text, "đã được duyệt: Nguyễn Văn An, 10/2026") {
		t.Error("a reviewed leaflet does not say so")
	}
}

func TestALeafletThatCannotBe(t *testing.T) {
	press := documents.NewPress()
	for want, c := range map[string]struct {
		leaflet documents.Leaflet
		paper   documents.Paper
	}{
		`make leaflet "L1": no paper is called "A3"`:          {documents.Leaflet{ID: "L1"}, "A3"},
		`make leaflet "L1": block 2 has the unknown kind "x"`: {documents.Leaflet{ID: "L1", Blocks: []documents.Block{{Kind: documents.Small}, {Kind: "x"}}}, documents.A4},
		`make leaflet "L1": its link`:                         {documents.Leaflet{ID: "L1", Link: "https://a\nb"}, documents.A4},
		`make leaflet "L1": make QR code: a text of`:          {documents.Leaflet{ID: "L1", Link: "https://" + strings.Repeat("a", 4000)}, documents.A4},
	} {
		file, err := press.LeafletPDF(c.leaflet, c.paper)
		if err == nil || file != nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("the error is %v, not %s …", err, want)
		}
	}
}
