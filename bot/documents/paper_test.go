package documents_test

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sachhon/bot/documents"
	"sachhon/dialogs"
)

// wood is a self-check as a furniture maker fills it in: 8 sections, 5 actions,
// 26 answers.
func wood() documents.Sheet {
	s := documents.Sheet{
		Lang: dialogs.Vietnamese, Title: "Sản xuất sạch hơn cho ngành gỗ", Agency: "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp Bình Dương",
		Enterprise: "Công ty TNHH Chế biến gỗ Minh Phát", Sector: "Chế biến gỗ", Date: "24/11/2026", Version: "go-2026.1",
		Band: "Đã có nền", Answered: 88,
		Sections: []documents.SheetSection{
			{"Cam kết và tổ chức", "Đã có nền", 56}, {"Theo dõi, đo đếm", "Khá", 81}, {"Nguyên liệu và kho", "Nên bắt đầu", 33}, {"Điện và khí nén", "Đã có nền", 48},
			{"Nhiệt, lò hơi", "", -1}, {"Nước, hóa chất, chất thải", "Khá", 78}, {"Nơi làm việc và cộng đồng", "Đã có nền", 67}, {"Riêng ngành gỗ: bụi, sấy, sơn", "Nên bắt đầu", 24},
		},
		Actions: []documents.SheetAction{
			{Title: "Hút bụi tại nguồn ở mọi máy, dọn bụi đọng trên xà", Why: "Bụi gỗ mịn đọng lâu ngày có thể nổ khi gặp tia lửa.", How: []string{"Ghi máy nào chưa có chụp hút", "Dọn xà, máng điện mỗi tuần bằng máy hút, không thổi", "Việc điện và đường ống do người có chứng chỉ làm"}, Source: "GTZ, Quản lý nội vi hiệu quả, phần gỗ và đồ mộc", Cost: "Ít tốn", Safety: true},
			{Title: "Đo ẩm gỗ trước và sau sấy, ghi nhật ký lò", Why: "Sấy chiếm khoảng hai phần ba năng lượng xẻ sấy gỗ (Canada, 1.000 trên 1.514 MJ/m³, tham khảo).", How: []string{"Một ẩm kế, ba thanh mẫu mỗi mẻ", "Ghi giờ, nhiệt độ, độ ẩm vào sổ lò", "Xem lại sau 10 mẻ"}, Source: "Canadian Forest Industries, Drying operations, 2009", Cost: "Không tốn tiền"},
			{Title: "Cân và ghi phế phẩm theo công đoạn", Why: "Chưa biết mất ở đâu thì chưa biết bớt ở đâu.", How: []string{"Mỗi công đoạn một thùng, cân cuối ca", "Cộng theo tuần"}, Source: "Hướng dẫn SXSH cho doanh nghiệp nhỏ và vừa, CPI", Cost: "Không tốn tiền"},
			{Title: "Nghe và bịt chỗ xì khí nén cuối ca", Why: "Xì khí thường mất 20–30 % lượng khí nén (Mỹ, 2004, tham khảo).", How: []string{"Tắt máy, đi nghe dọc đường ống", "Treo thẻ chỗ xì, sửa trong tuần"}, Source: "US DOE, Compressed Air Tip Sheet 3, 2004", Cost: "Không tốn tiền"},
			{Title: "Cử đội sản xuất sạch hơn 2–5 người, lãnh đạo làm trưởng", Why: "Các đơn vị đi trước đều có người chịu trách nhiệm chung.", How: []string{"Một tờ quyết định ngắn", "Họp 30 phút mỗi tháng"}, Source: "Hướng dẫn SXSH cho doanh nghiệp nhỏ và vừa, CPI", Cost: "Không tốn tiền"},
		},
		Figures: []documents.SheetFigure{{"Điện trên một m³ thành phẩm", "182 kWh/m³", "195 kWh/m³"}, {"Nước mỗi tháng", "240 m³", ""}},
		Unknown: []string{"Lò hơi có được kiểm định và ghi nhiệt độ khói không?", "Ống hơi, van, mặt bích đã bọc bảo ôn chưa?", "Tỷ lệ thành phẩm theo lô là bao nhiêu?"},
	}
	levels := []string{"Chưa có", "Mới làm một phần", "Làm đều nhưng chưa ghi chép", "Làm đều và có ghi chép", "Không biết", "Không áp dụng"}
	for i := range 26 {
		s.Answers = append(s.Answers, documents.SheetAnswer{
			Section: s.Sections[i*len(s.Sections)/26].Name, Question: fmt.Sprintf("Đơn vị có ghi điện, nước, nhiên liệu và so với sản lượng hằng tháng không? (câu %d)", i+1), Answer: levels[i%len(levels)]})
	}
	return s
}

const longName = "Công ty Trách nhiệm hữu hạn Một thành viên Sản xuất – Thương mại – Dịch vụ – Xuất nhập khẩu Chế biến gỗ và Trang trí nội thất Nguyễn Thị Minh Phát Bình Dương"

// sheets are results at their edges.
func sheets() map[string]documents.Sheet {
	english := wood()
	english.Lang, english.Band, english.Enterprise = dialogs.English, "A good base", "Minh Phat Wood Processing Co., Ltd"
	silent := wood()
	silent.Band, silent.Answered, silent.Actions, silent.Figures, silent.Enterprise = "", 12, nil, nil, ""
	for i := range silent.Sections {
		silent.Sections[i].Percent, silent.Sections[i].Band = -1, ""
	}
	long := wood()
	long.Enterprise, long.Reviewed = longName, "Nguyễn Văn An, chuyên gia SXSH, 10/2026"
	for i := range 7 {
		long.Sections = append(long.Sections, documents.SheetSection{Name: fmt.Sprintf("Mặt thứ %d có một cái tên thật dài để xem chữ xuống dòng ra sao", i+9), Band: "Nên bắt đầu", Percent: i * 16})
	}
	for i := range long.Actions {
		long.Actions[i].Why = strings.Repeat(long.Actions[i].Why+" ", 3)
	}
	return map[string]documents.Sheet{"wood": wood(), "english": english, "silent": silent, "long": long, "empty": {}}
}

// keep writes a file to look at when a folder is named.
func keep(t testing.TB, name string, file []byte) {
	if folder := os.Getenv("DOCUMENTS_SHOW"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACardFitsAPhone(t *testing.T) {
	press := documents.NewPress()
	for name, s := range sheets() {
		file, err := press.Card(s)
		if err != nil {
			t.Fatal(err)
		}
		keep(t, "card-"+name+".png", file)
		size, err := png.DecodeConfig(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if size.Width != 1080 || size.Height < 1350 {
			t.Errorf("%s is %d × %d pixels", name, size.Width, size.Height)
		}
		if len(file) > 120<<10 {
			t.Errorf("%s has %d bytes, more than 120 kB", name, len(file))
		}
		t.Logf("%s: %d × %d, %d bytes", name, size.Width, size.Height, len(file))
	}
}

func BenchmarkCard(b *testing.B) {
	press, s := documents.NewPress(), wood()
	for b.Loop() {
		if _, err := press.Card(s); err != nil {
			b.Fatal(err)
		}
	}
}
