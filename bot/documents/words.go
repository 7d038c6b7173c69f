package documents

import "sachhon/dialogs"

// words are what results and leaflets say of themselves; the rest is given.
var words = struct {
	SelfCheck, Overall, TooFew, Hidden                   dialogs.Text
	Enterprise, Sector, Date, Version, Answered          dialogs.Text
	Disclaimer, Reviewed, Unreviewed                     dialogs.Text
	Sections, More, Scale                                dialogs.Text
	Actions, Action, Why, Who, Due, Cost, Source, Safety dialogs.Text
	Figures, Figure, Value, Was                          dialogs.Text
	Unknown, Answers, Sources                            dialogs.Text
	Page, Scan, OpenLink                                 dialogs.Text
}{
	SelfCheck:  dialogs.Text{VI: "Tự đánh giá sơ bộ", EN: "Preliminary self-check"},
	Overall:    dialogs.Text{VI: "Nhìn chung", EN: "On the whole"},
	TooFew:     dialogs.Text{VI: "Chưa đủ câu trả lời", EN: "Not enough answers yet"},
	Hidden:     dialogs.Text{VI: "chưa đủ câu trả lời", EN: "not enough answers"},
	Enterprise: dialogs.Text{VI: "Đơn vị", EN: "Enterprise"},
	Sector:     dialogs.Text{VI: "Ngành", EN: "Sector"},
	Date:       dialogs.Text{VI: "Ngày", EN: "Date"},
	Version:    dialogs.Text{VI: "Bộ câu hỏi", EN: "Questions"},
	Answered:   dialogs.Text{VI: "Đã trả lời %d %%", EN: "Answered %d%%"},
	Disclaimer: dialogs.Text{
		VI: "Bản tự đánh giá sơ bộ do đơn vị tự khai, chưa kiểm chứng. Đây không phải kết luận kiểm tra hay chứng nhận.",
		EN: "A preliminary self-check: declared by the enterprise itself, not verified. It is not the finding of an inspection and not a certificate.",
	},
	Reviewed:   dialogs.Text{VI: "Nội dung đã được duyệt", EN: "Content reviewed"},
	Unreviewed: dialogs.Text{VI: "Nội dung chưa được chuyên gia duyệt", EN: "Content not yet reviewed by an expert"},
	Sections:   dialogs.Text{VI: "Từng mặt", EN: "Area by area"},
	Scale:      dialogs.Text{VI: "Thang của Trung tâm, để sắp thứ tự việc nên làm.", EN: "The centre’s own scale, to put what to do in order."},
	More:       dialogs.Text{VI: "Các mặt khác có trong bản PDF.", EN: "The other areas are in the PDF."},
	Actions:    dialogs.Text{VI: "Việc nên làm trước", EN: "What to do first"},
	Action:     dialogs.Text{VI: "Việc nên làm", EN: "What to do"},
	Why:        dialogs.Text{VI: "Vì sao", EN: "Why"},
	Who:        dialogs.Text{VI: "Người phụ trách", EN: "Who"},
	Due:        dialogs.Text{VI: "Hạn", EN: "By when"},
	Cost:       dialogs.Text{VI: "Chi phí", EN: "Cost"},
	Source:     dialogs.Text{VI: "Nguồn", EN: "Source"},
	Safety:     dialogs.Text{VI: "An toàn", EN: "Safety"},
	Figures:    dialogs.Text{VI: "Số liệu của đơn vị", EN: "Your own figures"},
	Figure:     dialogs.Text{VI: "Chỉ số", EN: "Figure"},
	Value:      dialogs.Text{VI: "Lần này", EN: "This time"},
	Was:        dialogs.Text{VI: "Lần trước", EN: "Last time"},
	Unknown:    dialogs.Text{VI: "Cần tìm hiểu thêm", EN: "Worth finding out"},
	Answers:    dialogs.Text{VI: "Các câu đã trả lời", EN: "All answers"},
	Sources:    dialogs.Text{VI: "Nguồn tham khảo", EN: "Sources"},
	Page:       dialogs.Text{VI: "trang %d/%d", EN: "page %d of %d"},
	Scan:       dialogs.Text{VI: "Quét mã để nhắn với Trung tâm", EN: "Scan to chat with the centre"},
	OpenLink:   dialogs.Text{VI: "hoặc mở", EN: "or open"},
}
