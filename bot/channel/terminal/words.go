package terminal

import (
	"strings"
	"unicode"

	"sachhon/bot/channel"
	"sachhon/dialogs"
	"sachhon/dialogs/answer"
)

// words are what the terminal itself says in one language. Where there are
// two, the second is said when the first was the last thing said.
type words struct {
	Hello     string
	Again     string // above the last exchange
	Goodbye   string
	Staff     string
	Picture   string // before the description of a picture
	NoFile    string // after a file that could not be saved
	PickSign  string // after choices picked with "#1"; %d is the first of them
	AskNumber string
	NoNumber  string
	Long      [2]string
	Letters   [2]string
	Failed    [2]string
}

var vietnamese = words{
	Hello:     "Gõ câu trả lời rồi nhấn Enter; gõ số đứng trước một lựa chọn để chọn. Gõ /thoat để ra.",
	Again:     "Câu chuyện lần trước đến đây:",
	Goodbye:   "Chào anh/chị. Mọi điều đã nói được giữ lại; lần sau mở ra là nói tiếp.",
	Staff:     "Cán bộ Trung tâm:",
	Picture:   "hình",
	NoFile:    "(chưa mở được tệp)",
	PickSign:  "(gõ #%d để chọn)",
	AskNumber: "Anh/chị gõ số điện thoại của mình, ví dụ 0912 345 678. Nhấn Enter để thôi.",
	NoNumber:  "Số điện thoại chưa được gửi. Anh/chị chọn lại hoặc gõ câu trả lời.",
	Long: [2]string{
		"Dòng vừa gõ dài quá 64 KiB nên chưa gửi được. Anh/chị chia thành vài dòng ngắn hơn giúp.",
		"Dòng này vẫn dài quá 64 KiB. Anh/chị gửi từng đoạn một, ví dụ mỗi lần một câu.",
	},
	Letters: [2]string{
		"Em chưa đọc được dòng vừa gõ vì chữ không theo bảng mã UTF-8. Anh/chị đổi bảng mã của cửa sổ này rồi gõ lại giúp.",
		"Dòng này vẫn chưa theo UTF-8. Trên Windows, anh/chị gõ lệnh chcp 65001 trước khi mở lại; hoặc gõ không dấu cũng được.",
	},
	Failed: [2]string{
		"Xin lỗi anh/chị, câu vừa rồi chưa gửi được do lỗi ở máy. Anh/chị gõ lại sau ít phút giúp.",
		"Vẫn chưa gửi được. Những gì đã nói trước đó còn nguyên; anh/chị có thể gõ /thoat và quay lại sau.",
	},
}

var english = words{
	Hello:     "Type an answer and press Enter; type the number in front of a choice to pick it. Type /quit to leave.",
	Again:     "Last time we got this far:",
	Goodbye:   "Goodbye. Everything said is kept; next time you go on from here.",
	Staff:     "Centre staff:",
	Picture:   "picture",
	NoFile:    "(the file can't be opened right now)",
	PickSign:  "(type #%d to pick)",
	AskNumber: "Type your phone number, for example 0912 345 678. Press Enter to leave it.",
	NoNumber:  "Your number wasn't sent. Pick again or type an answer.",
	Long: [2]string{
		"That line is longer than 64 KiB and wasn't sent. Please split it into a few shorter lines.",
		"That's still longer than 64 KiB. Please send one part at a time, for example a sentence each.",
	},
	Letters: [2]string{
		"That line isn't UTF-8 text, so it couldn't be read. Please change the encoding of this window and type it again.",
		"That still isn't UTF-8. On Windows, run chcp 65001 before you come back; or type without accents.",
	},
	Failed: [2]string{
		"Sorry, that wasn't sent because of a fault on this machine. Please type it again in a few minutes.",
		"It still wasn't sent. Everything said before is safe; you can type /quit and come back later.",
	},
}

func wordsIn(lang dialogs.Lang) *words {
	if lang == dialogs.English {
		return &english
	}
	return &vietnamese
}

// spoken guesses the language of what the bot said; before, where that cannot
// be told. Most Vietnamese words bear a mark; English sentences quote a
// Vietnamese name at most.
func spoken(entries []channel.Entry, before dialogs.Lang) dialogs.Lang {
	all, marked := 0, 0
	for _, e := range entries {
		if e.From != channel.FromBot {
			continue
		}
		for _, word := range strings.Fields(e.Message.Text) {
			if strings.IndexFunc(word, unicode.IsLetter) < 0 {
				continue
			}
			all++
			if answer.Marked(word) {
				marked++
			}
		}
	}
	switch {
	case marked > 0 && 2*marked >= all:
		return dialogs.Vietnamese
	case all >= 4 && 4*marked <= all:
		return dialogs.English
	}
	return before
}
