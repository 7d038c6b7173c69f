package webchat

import "sachhon/dialogs"

// words are the texts of the page itself in one language; what the bot says
// comes from the bot.
type words struct {
	Centre      string // where the settings name none
	Tagline     string
	Skip        string
	Log         string // what the log is
	Field       string // label of the text field
	Placeholder string
	Send        string
	Menu        string
	Privacy     string
	PrivacyName string // what a screen reader says of it
	OtherLang   string // the language one can change to, in that language
	Me          string // who spoke
	Bot         string
	Staff       string
	Choices     string // name of the group of choices
	NewTab      string // said after a link that leaves the conversation
	Older       string
	Newest      string
	Reload      string // without JavaScript
	Sending     string
	Retry       string
	Offline     string
	FileField   string
	FileSend    string
	FileGet     string // before the name of a document
	ShowImage   string // button in a preview
	ShowFile    string
	Window      string // opens the chat outside of the frame
	Today       string
	Yesterday   string

	// What a person is told when something could not be done.
	NoCookie string
	TooMany  string
	TooLong  string
	TooBig   string
	BigFile  string
	BadFile  string
	NoFile   string
	OldPress string
	Failed   string
	Unread   string // the conversation could not be read
	NoGuess  string // the first words could not be shown
	Foreign  string
	NoWidget string
	NoMedia  string
	Streams  string
}

var vietnamese = words{
	Centre:      "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp",
	Tagline:     "Trợ lý sản xuất sạch hơn",
	Skip:        "Đến ô nhập tin nhắn",
	Log:         "Cuộc trò chuyện",
	Field:       "Tin nhắn của anh/chị",
	Placeholder: "Nhập tin nhắn…",
	Send:        "Gửi",
	Menu:        "Menu",
	Privacy:     "Dữ liệu của anh/chị",
	PrivacyName: "Dữ liệu của anh/chị: xem, tải về, xóa",
	OtherLang:   "English",
	Me:          "Anh/chị",
	Bot:         "Trợ lý",
	Staff:       "Cán bộ Trung tâm",
	Choices:     "Các lựa chọn",
	NewTab:      "mở trang khác",
	Older:       "Xem tin cũ hơn",
	Newest:      "Tin mới nhất",
	Reload:      "Xem tin mới",
	Sending:     "Đang gửi…",
	Retry:       "Chưa gửi được — Gửi lại",
	Offline:     "Đang mất kết nối. Trang sẽ tự nối lại, tin chưa gửi vẫn còn ở đây.",
	FileField:   "Chọn ảnh hoặc tệp PDF (tối đa 10 MB)",
	FileSend:    "Gửi tệp",
	FileGet:     "Tải tệp",
	ShowImage:   "Xem hình",
	ShowFile:    "Mở tệp",
	Window:      "Mở trong cửa sổ riêng",
	Today:       "Hôm nay",
	Yesterday:   "Hôm qua",

	NoCookie: "Tin chưa gửi được: trang này cần cookie để nhớ cuộc trò chuyện. Anh/chị bấm Gửi lần nữa; nếu vẫn thấy dòng này, hãy cho phép cookie trong trình duyệt.",
	TooMany:  "Tin đến hơi nhanh nên chưa gửi được. Nội dung vẫn còn đây, anh/chị chờ vài giây rồi gửi lại giúp.",
	TooLong:  "Tin dài quá 4.000 chữ cái nên chưa gửi được. Anh/chị chia thành vài tin ngắn hơn giúp.",
	TooBig:   "Tin quá dài nên chưa gửi được. Anh/chị bấm nút quay lại của trình duyệt để lấy lại nội dung, rồi chia thành vài tin ngắn hơn.",
	BigFile:  "Tệp lớn hơn 10 MB nên chưa gửi được. Anh/chị chọn tệp nhỏ hơn, hoặc chụp lại ở cỡ nhỏ hơn.",
	BadFile:  "Trung tâm chỉ mở được ảnh (JPG, PNG, WebP, GIF) và tệp PDF. Anh/chị chọn tệp khác, ví dụ chụp màn hình.",
	NoFile:   "Anh/chị chọn tệp trước, rồi bấm Gửi tệp.",
	OldPress: "Nút vừa bấm thuộc về đoạn trò chuyện đã qua. Anh/chị chọn trong các nút mới nhất dưới đây, hoặc gõ câu trả lời.",
	Failed:   "Xin lỗi anh/chị, tin chưa gửi được do lỗi ở máy chủ. Nội dung vẫn còn đây, anh/chị gửi lại sau ít phút giúp.",
	Unread:   "Xin lỗi anh/chị, hiện chưa đọc được cuộc trò chuyện. Anh/chị tải lại trang sau ít phút giúp.",
	NoGuess:  "Dạ chào anh/chị! Anh/chị nhắn cho Trung tâm ở ô bên dưới nhé.",
	Foreign:  "Tin này được gửi từ một trang khác nên không được nhận. Anh/chị mở trang trò chuyện của Trung tâm và gửi lại giúp.",
	NoWidget: "Khung trò chuyện chưa được bật cho trang web khác. Anh/chị vào thẳng trang trò chuyện của Trung tâm giúp.",
	NoMedia:  "Không tìm thấy tệp này trong cuộc trò chuyện của anh/chị.",
	Streams:  "Có quá nhiều trang trò chuyện đang mở. Trang này vẫn tự xem tin mới, chỉ chậm hơn một chút.",
}

var english = words{
	Centre:      "Industrial Promotion and Development Consultancy Centre",
	Tagline:     "Cleaner production assistant",
	Skip:        "Skip to the message field",
	Log:         "Conversation",
	Field:       "Your message",
	Placeholder: "Type a message…",
	Send:        "Send",
	Menu:        "Menu",
	Privacy:     "Your data",
	PrivacyName: "Your data: see, download, delete",
	OtherLang:   "Tiếng Việt",
	Me:          "You",
	Bot:         "Assistant",
	Staff:       "Centre staff",
	Choices:     "Choices",
	NewTab:      "opens another page",
	Older:       "See earlier messages",
	Newest:      "Newest message",
	Reload:      "Check for new messages",
	Sending:     "Sending…",
	Retry:       "Not sent yet — Send again",
	Offline:     "You're offline. The page reconnects by itself; what wasn't sent is still here.",
	FileField:   "Choose a picture or a PDF (10 MB at most)",
	FileSend:    "Send file",
	FileGet:     "Download",
	ShowImage:   "See the picture",
	ShowFile:    "Open the file",
	Window:      "Open in its own window",
	Today:       "Today",
	Yesterday:   "Yesterday",

	NoCookie: "That wasn't sent: this page needs a cookie to remember the conversation. Press Send once more; if you still see this, please allow cookies in your browser.",
	TooMany:  "That came a little fast and wasn't sent. Your text is still here; please wait a few seconds and send it again.",
	TooLong:  "That's longer than 4,000 characters and wasn't sent. Please split it into a few shorter messages.",
	TooBig:   "That's too long and wasn't sent. Use your browser's back button to get your text back, then split it into shorter messages.",
	BigFile:  "That file is larger than 10 MB and wasn't sent. Please choose a smaller one.",
	BadFile:  "The centre can only open pictures (JPG, PNG, WebP, GIF) and PDF files. Please choose another file, such as a screenshot.",
	NoFile:   "Please choose a file first, then press Send file.",
	OldPress: "That button belongs to an earlier part of the conversation. Please use the newest buttons below, or type your answer.",
	Failed:   "Sorry, that wasn't sent because of a fault on our server. Your text is still here; please send it again in a few minutes.",
	Unread:   "Sorry, the conversation can't be read right now. Please reload the page in a few minutes.",
	NoGuess:  "Hello! Write to the centre in the field below.",
	Foreign:  "That was sent from another site and wasn't accepted. Please open the centre's chat page and send it there.",
	NoWidget: "The chat frame isn't switched on for other sites. Please open the centre's chat page itself.",
	NoMedia:  "That file isn't in your conversation.",
	Streams:  "Too many chat pages are open. This one still checks for new messages, only a little later.",
}

func wordsIn(lang dialogs.Lang) *words {
	if lang == dialogs.English {
		return &english
	}
	return &vietnamese
}

func otherLang(lang dialogs.Lang) dialogs.Lang {
	if lang == dialogs.English {
		return dialogs.Vietnamese
	}
	return dialogs.English
}

// langCommand is what a person types to change to lang.
func langCommand(lang dialogs.Lang) string {
	if lang == dialogs.English {
		return "/language en"
	}
	return "/ngonngu vi"
}
