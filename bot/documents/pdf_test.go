package documents_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sachhon/bot/documents"
	"sachhon/dialogs"
)

// air is a leaflet as the centre hands it out.
func air() documents.Leaflet {
	return documents.Leaflet{
		ID: "L3", Lang: dialogs.Vietnamese, Title: "Điện và khí nén: bớt chỗ mất trước khi mua thêm máy",
		Agency:  "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp Bình Dương",
		Contact: "Số 1 đường Lê Lợi, phường Bình Dương\nĐiện thoại: 0274 3822 222 · Thư: phong@example.vn",
		Link:    "https://t.me/sachhon_bot?start=src_LEAF3",
		Blocks: []documents.Block{
			{Kind: documents.Paragraph, Text: "Máy nén khí thường là hộ tiêu thụ điện lớn nhất mà không ai đo. Khí xì ra khỏi ống thì **không ai thấy**, chỉ hóa đơn điện thấy."},
			{Kind: documents.Heading, Text: "Năm việc làm được trong tháng này"},
			{Kind: documents.Numbers, Items: []string{
				"**Nghe chỗ xì cuối ca.** Tắt máy sản xuất, để máy nén chạy, đi dọc đường ống; bôi nước xà phòng chỗ nghi; treo thẻ, sửa trong tuần.",
				"**Hạ áp từng nấc 0,2 bar** cho đến khi có máy báo thiếu khí, rồi tăng lại một nấc.",
				"**Đo thời gian tụt áp 1 bar** ngoài giờ làm. Ghi lại mỗi tháng để so với chính mình.",
				"**Tắt máy chạy không**, lau quạt, tủ điện và đèn.",
				"**Lắp công tơ phụ** cho máy nén và lò sấy.",
			}},
			{Kind: documents.Figure, Text: "**20–30 %** lượng khí nén mất vì xì là chuyện thường; nên giữ ở mức 5–10 %.", Source: "Bộ Năng lượng Hoa Kỳ, tờ hướng dẫn khí nén số 3, 2004 (tham khảo)"},
			{Kind: documents.Caution, Text: "Bình chứa khí và tủ điện do người có chứng chỉ mở và sửa. Không bao giờ dùng tay dò chỗ xì."},
			{Kind: documents.Heading, Text: "Tự hỏi trước khi bắt đầu"},
			{Kind: documents.Checks, Items: []string{"Máy nén nào chạy suốt đêm?", "Ai có chìa khóa tủ điện?", "Hóa đơn điện 12 tháng để ở đâu?"}},
			{Kind: documents.Bullets, Text: "Ba số nên ghi mỗi tháng:", Items: []string{"kWh của máy nén", "sản phẩm làm ra", "số chỗ xì đã sửa"}},
			{Kind: documents.Heading, Text: "Sổ ghi chỗ xì khí"},
			{Kind: documents.Form, Rows: [][]string{{"Ngày", "Chỗ xì", "Người sửa", "Xong ngày"}, {"", "", "", ""}, {"", "", "", ""}, {"", "", "", ""}, {"", "", "", ""}, {"", "", "", ""}}},
			{Kind: documents.Small, Text: "Số liệu trong tờ này lấy từ nơi khác, chỉ để tham khảo; đơn vị nên so với chính mình từng tháng."},
		},
	}
}

func TestResultsOnPaper(t *testing.T) {
	press := documents.NewPress()
	for name, s := range sheets() {
		file, err := press.ResultPDF(s)
		if err != nil {
			t.Fatal(err)
		}
		keep(t, "result-"+name+".pdf", file)
		if n := pages(file); n > 2 && name != "long" {
			t.Errorf("%s takes %d pages", name, n)
		}
		t.Logf("%s: %d pages, %d bytes", name, pages(file), len(file))
	}
}

func TestLeafletsOnPaper(t *testing.T) {
	press := documents.NewPress()
	english := air()
	english.Lang, english.Reviewed = dialogs.English, "Nguyen Van An, 10/2026"
	bare := documents.Leaflet{Title: "Trống"}
	for name, l := range map[string]documents.Leaflet{"air": air(), "english": english, "bare": bare} {
		for paper, most := range map[documents.Paper]int{documents.A4: 2, documents.A5: 4} {
			file, err := press.LeafletPDF(l, paper)
			if err != nil {
				t.Fatal(err)
			}
			keep(t, "leaflet-"+name+"-"+string(paper)+".pdf", file)
			if n := pages(file); n > most || n == 0 {
				t.Errorf("%s on %s takes %d pages", name, paper, n)
			}
		}
	}
}

var onePage = regexp.MustCompile(`/Type /Page\b[^s]`)

func pages(file []byte) int { return len(onePage.FindAll(file, -1)) }

// textOf reads a PDF as a search engine would.
func textOf(t *testing.T, file []byte) string {
	t.Helper()
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("no pdftotext here")
	}
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(reader, "-enc", "UTF-8", "-raw", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

func TestAResultCanBeSearched(t *testing.T) {
	s := wood()
	file, err := documents.NewPress().ResultPDF(s)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte("/ToUnicode")) {
		t.Error("the letters have no way back to text")
	}
	text := textOf(t, file)
	for _, want := range []string{"TỰ ĐÁNH GIÁ SƠ BỘ", s.Enterprise, "Đã có nền", "chưa đủ câu trả lời", "Đo ẩm gỗ trước và sau sấy", "Không tốn tiền", "182 kWh/m³", "trang 1/2", "chưa được chuyên gia duyệt", "Làm đều nhưng chưa ghi chép"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not found in the file", want)
		}
	}
}

func BenchmarkResultPDF(b *testing.B) {
	press, s := documents.NewPress(), wood()
	for b.Loop() {
		if _, err := press.ResultPDF(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLeafletPDF(b *testing.B) {
	press, l := documents.NewPress(), air()
	for b.Loop() {
		if _, err := press.LeafletPDF(l, documents.A5); err != nil {
			b.Fatal(err)
		}
	}
}
