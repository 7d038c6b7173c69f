package console

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2/validation"
	"golang.org/x/text/language"

	"sachhon/bot/desk"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// What the API says to people who write programs, in both languages. It is not
// part of the content: the centre's staff never read it in a conversation.
var (
	wordsNoToken      = dialogs.Text{VI: "Yêu cầu chưa có mã truy cập đang dùng được. Gửi kèm “Authorization: Bearer MÃ”; tạo mã bằng lệnh sachhon token create.", EN: "No working token came with this request. Send “Authorization: Bearer TOKEN”; make one with sachhon token create."}
	wordsTooMany      = dialogs.Text{VI: "Có quá nhiều yêu cầu trong thời gian ngắn. Chờ số giây ghi ở Retry-After rồi gửi lại.", EN: "Too many requests at once. Wait for the seconds in Retry-After, then send it again."}
	wordsNoRoute      = dialogs.Text{VI: "Không có đường dẫn này. Danh sách đường dẫn: /api/v1/openapi.json.", EN: "There is no such path. All paths are listed in /api/v1/openapi.json."}
	wordsNoMethod     = dialogs.Text{VI: "Đường dẫn này không nhận phương thức đã dùng. Các phương thức được nhận ghi ở Allow.", EN: "This path does not take that method. Those it takes are listed in Allow."}
	wordsMissing      = dialogs.Text{VI: "Không có mục nào mang mã này. Kiểm tra lại mã trong đường dẫn.", EN: "There is nothing with this id. Check the id in the path."}
	wordsFields       = dialogs.Text{VI: "Một số trường chưa đúng, xem “errors”.", EN: "Some fields are not right; see “errors”."}
	wordsUnreadable   = dialogs.Text{VI: "nội dung gửi lên không phải JSON đọc được", EN: "the body is no readable JSON"}
	wordsNoBody       = dialogs.Text{VI: "Yêu cầu thiếu nội dung, hoặc nội dung không phải JSON đọc được.", EN: "The body is missing, or it is no readable JSON."}
	wordsLarge        = dialogs.Text{VI: "Nội dung gửi lên quá lớn.", EN: "The body is too large."}
	wordsMediaType    = dialogs.Text{VI: "Nội dung phải là JSON, với Content-Type: application/json.", EN: "The body must be JSON, with Content-Type: application/json."}
	wordsFailed       = dialogs.Text{VI: "Hệ thống gặp lỗi, chưa có gì thay đổi. Gửi lại sau ít phút; nếu vẫn lỗi, xem nhật ký của máy chủ.", EN: "Something failed here and nothing was changed. Send it again in a few minutes; if it fails again, look into the log of the server."}
	wordsBusy         = dialogs.Text{VI: "Yêu cầu bị ngắt trước khi xong. Gửi lại.", EN: "The request was cut off before it was done. Send it again."}
	wordsDone         = dialogs.Text{VI: "Yêu cầu này đã được thực hiện.", EN: "This request was carried out already."}
	wordsCursor       = dialogs.Text{VI: "cursor này không thuộc danh sách này; dùng next_cursor của trang trước", EN: "this cursor is none of this list; use next_cursor of the page before"}
	wordsOtherRequest = dialogs.Text{VI: "khóa này đã dùng cho một yêu cầu khác trong 24 giờ qua; dùng khóa mới cho yêu cầu mới", EN: "this key was used for another request in the last 24 hours; use a new key for a new request"}
	wordsTime         = dialogs.Text{VI: "không phải thời điểm; viết như 2026-12-10T08:00:00+07:00", EN: "this is no time; write it like 2026-12-10T08:00:00+07:00"}
	wordsBothTimes    = dialogs.Text{VI: "ghi “starts” cùng “ends”, hoặc “sessions”, không dùng cả hai", EN: "give “starts” with “ends”, or “sessions”, not both"}
	wordsNoChange     = dialogs.Text{VI: "chưa ghi điều gì cần đổi", EN: "nothing to change was given"}
	wordsReplyEmpty   = dialogs.Text{VI: "câu trả lời đang trống; viết điều người hỏi cần đọc", EN: "the answer is empty; write what the person should read"}
	wordsReplyLong    = dialogs.Text{VI: "câu trả lời dài hơn 2.000 ký tự; viết ngắn lại", EN: "the answer is longer than 2,000 characters; shorten it"}
	wordsCastTitle    = dialogs.Text{VI: "đợt gửi chưa có tên", EN: "the broadcast has no title"}
	wordsCastText     = dialogs.Text{VI: "đợt gửi chưa có nội dung tiếng Việt", EN: "the broadcast has no words in Vietnamese"}
	wordsReplied      = dialogs.Text{VI: "Câu hỏi này đã được trả lời.", EN: "This question was answered already."}
)

// wordsRole says what a token lacks.
func wordsRole(need desk.Role) dialogs.Text {
	return dialogs.Text{VI: "Mã truy cập này không đủ quyền; cần vai trò " + string(need) + " trở lên.", EN: "This token may not do that; its role must be " + string(need) + " or higher."}
}

// wordsOfStatus says what an answer of a status is about.
func wordsOfStatus(status int) dialogs.Text {
	switch status {
	case http.StatusBadRequest:
		return wordsNoBody
	case http.StatusRequestEntityTooLarge:
		return wordsLarge
	case http.StatusUnsupportedMediaType:
		return wordsMediaType
	case http.StatusUnprocessableEntity:
		return wordsFields
	case http.StatusRequestTimeout:
		return wordsBusy
	default:
		return wordsFailed
	}
}

// langOf reads Accept-Language: Vietnamese where it is liked better than
// English, else English.
func langOf(header string) dialogs.Lang {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return dialogs.English
	}
	for _, tag := range tags { // the best liked first
		switch base, _ := tag.Base(); base.String() {
		case "vi":
			return dialogs.Vietnamese
		case "en":
			return dialogs.English
		}
	}
	return dialogs.English
}

// problemWords words a rule's refusal.
func problemWords(p programme.Problem) dialogs.Text {
	return dialogs.Text{VI: problemsVI[p.Code], EN: programme.Problem{Code: p.Code}.Error()}
}

// problemsVI are the rules' refusals in Vietnamese; in English they say it themselves.
var problemsVI = map[programme.Code]string{
	programme.TitleMissing:        "lớp chưa có tên; ghi tên tiếng Việt",
	programme.TitleLong:           "tên lớp quá dài; viết ngắn lại",
	programme.ContentLong:         "phần nội dung lớp quá dài; viết ngắn lại",
	programme.VenueMissing:        "chưa có địa điểm; ghi nơi tổ chức lớp",
	programme.VenueLong:           "địa điểm quá dài; viết ngắn lại",
	programme.SectorUnknown:       "không có ngành này; dùng wood, tobacco, food hoặc chemicals, hoặc bỏ trống cho mọi ngành",
	programme.SessionsMissing:     "lớp chưa có buổi nào; ghi giờ bắt đầu và kết thúc",
	programme.SessionOrder:        "giờ kết thúc phải sau giờ bắt đầu",
	programme.SessionOverlap:      "buổi này bắt đầu khi buổi trước chưa kết thúc",
	programme.SessionsPast:        "lớp này đã qua; kiểm tra lại năm",
	programme.SeatsTooFew:         "lớp cần ít nhất một chỗ",
	programme.SeatsTooMany:        "số chỗ quá lớn; kiểm tra lại",
	programme.SeatsHeld:           "số chỗ đã có người nhiều hơn con số này; hủy bớt đăng ký trước",
	programme.QuotaNegative:       "giới hạn cho mỗi doanh nghiệp không được âm; dùng 0 khi không giới hạn",
	programme.ClosesLate:          "hạn đăng ký phải trước giờ lớp bắt đầu",
	programme.ClassUnknown:        "không có lớp mang mã này; kiểm tra lại mã",
	programme.ClassStarted:        "lớp đã bắt đầu nên không đổi được nữa",
	programme.ClassOver:           "lớp đã kết thúc",
	programme.ClassCancelled:      "lớp đã hủy; thêm lớp mới",
	programme.RegistrationUnknown: "không có đăng ký mang mã này trong lớp; kiểm tra lại mã",
	programme.NameMissing:         "đăng ký chưa có họ tên người tham dự",
	programme.NoOffer:             "đăng ký này chưa được mời vào chỗ nào",
	programme.NoSeat:              "đăng ký này không có chỗ trong lớp",
	programme.AttendanceTooSoon:   "điểm danh được từ hai giờ trước khi lớp bắt đầu",
	programme.AttendanceUnknown:   "điểm danh là attended, absent hoặc seat (chưa điểm danh)",
	programme.RequestStateUnknown: "không có trạng thái này; dùng contacted, scheduled, surveyed, reported, followed_up, closed hoặc declined",
	programme.RequestOver:         "yêu cầu này đã khép lại nên không đổi được nữa",
	programme.RequestBackwards:    "yêu cầu chỉ đi tới, và chỉ từ chối được trước khi khảo sát",
	programme.ReasonMissing:       "từ chối cần có lý do",
	programme.ReasonLong:          "lý do quá dài; viết ngắn lại",
	programme.NeedLong:            "nhu cầu quá dài; viết ngắn lại",
	programme.SessionUnknown:      "lớp không có buổi này; các buổi đếm từ 1",
}

// fieldWords puts what huma says of a field into a language; its English where
// there is no better.
func fieldWords(words string, lang dialogs.Lang) string {
	if lang != dialogs.Vietnamese {
		return words
	}
	for _, f := range [][2]string{
		{validation.MsgUnexpectedProperty, "không có trường này; kiểm tra lại tên"},
		{validation.MsgExpectedRequiredProperty, "thiếu trường $1"},
		{validation.MsgExpectedString, "phải là chuỗi chữ"},
		{validation.MsgExpectedNumber, "phải là số"},
		{validation.MsgExpectedInteger, "phải là số nguyên"},
		{validation.MsgExpectedBoolean, "phải là true hoặc false"},
		{validation.MsgExpectedArray, "phải là danh sách"},
		{validation.MsgExpectedObject, "phải là đối tượng JSON"},
		{validation.MsgExpectedOneOf, "phải là một trong: $1"},
		{validation.MsgExpectedMinimumNumber, "phải từ $1 trở lên"},
		{validation.MsgExpectedMaximumNumber, "không được quá $1"},
		{validation.MsgExpectedMinLength, "cần ít nhất $1 ký tự"},
		{validation.MsgExpectedMaxLength, "dài quá $1 ký tự"},
		{validation.MsgExpectedMinItems, "cần ít nhất $1 mục"},
		{validation.MsgExpectedMaxItems, "không được quá $1 mục"},
		{validation.MsgExpectedMatchExactlyOneSchema, "phải là chuỗi chữ hoặc đối tượng như mô tả"},
		{validation.MsgExpectedRFC3339DateTime, "không phải thời điểm; viết như 2026-12-10T08:00:00+07:00"},
		{validation.MsgExpectedBase64String, "phải là base64"},
		{"unknown query parameter", "không có tham số này"},
		{"invalid integer", "phải là số nguyên"},
	} {
		pattern := strings.NewReplacer("%s", "(.+)", "%v", "(.+)", "%d", "(.+)").Replace(regexp.QuoteMeta(f[0]))
		if re := regexp.MustCompile("^" + pattern + "$"); re.MatchString(words) {
			return re.ReplaceAllString(words, f[1])
		}
	}
	return words
}
