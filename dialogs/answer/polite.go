package answer

import "strings"

// opening are the courtesies and fillers that may stand before what is meant.
// They are taken off one after the other, so "dạ cho em" needs no line.
var opening = newPhraseBook(
	"dạ", "vâng", "ừ", "ừm", "à", "ờ", "ơ", "ủa", "alo", "chào", "xin chào", "chào em", "chào anh", "chào chị", "chào anh chị", "chào bạn", "kính chào", "chào trung tâm",
	"xin", "xin vui lòng", "vui lòng", "làm ơn", "xin phép", "hãy", "nhờ", "phiền", "thì", "bây giờ",
	"em ơi", "anh ơi", "chị ơi", "bạn ơi", "bot ơi", "ad ơi", "ad", "trung tâm ơi", "anh chị ơi",
	"cho", "cho em", "cho anh", "cho chị", "cho tôi", "cho tui", "cho mình", "cho hỏi", "cho em hỏi", "cho tôi hỏi",
	"giúp", "giúp em", "giúp anh", "giúp chị", "giúp tôi", "giúp mình", "bên em", "bên mình", "bên tôi", "công ty em", "công ty tôi",
	"muốn", "em muốn", "anh muốn", "chị muốn", "tôi muốn", "tui muốn", "mình muốn", "cô muốn", "chú muốn", "bác muốn", "cần", "em cần", "anh cần", "chị cần", "tôi cần", "mình cần",
	"em xin", "tôi xin", "mình xin", "em chọn", "anh chọn", "chị chọn", "tôi chọn", "mình chọn", "chọn", "lấy", "em sẽ", "tôi sẽ", "em lấy", "tôi lấy",
	"em nghĩ là", "tôi nghĩ là", "chắc là", "hình như là",
	"please", "pls", "plz", "hi", "hello", "hey", "well", "ok", "oke", "okay", "i want to", "i want", "i'd like to", "i'd like", "i would like to", "i would like",
	"i need to", "i need", "can i", "could i", "may i", "can you", "could you", "would you", "let me", "let's", "i'll take", "i will take", "i choose", "i pick", "give me", "show me", "take me to", "i think",
)

// titles are the words by which Vietnamese speakers name themselves and each
// other. Before a single word they may as well belong to a name: "Anh Huy".
var titles = newPhraseBook(
	"em", "anh", "chị", "tôi", "tui", "mình", "anh chị", "i", "i'm", "i am", "mr", "mrs", "ms",
	"em là", "anh là", "chị là", "tôi là", "mình là",
)

// closing are the courtesies and fillers that may stand after what is meant.
var closing = newPhraseBook(
	"ạ", "à", "nhé", "nha", "nhá", "nhen", "nghen", "với", "đi", "luôn", "nào", "vậy", "cái", "em", "anh", "chị", "bạn", "ơi",
	"em ơi", "anh ơi", "chị ơi", "bạn ơi", "ad ơi", "giúp", "giúp em", "giúp anh", "giúp chị", "giúp tôi", "giúp mình", "dùm", "giùm", "dùm em", "giùm em", "dùm tôi", "giùm tôi", "hộ em",
	"cho em", "cho tôi", "cho anh", "cho chị", "cho mình", "được không", "được ko", "được k", "được chứ", "cảm ơn", "cám ơn", "xin cảm ơn", "cảm ơn em", "cảm ơn anh", "cảm ơn chị", "cảm ơn nhiều",
	"please", "pls", "plz", "thanks", "thank you", "thx", "tks",
)

// Polite strips the courtesy and the fillers around what was meant ("dạ … ạ",
// "cho em … với", "em muốn …", "please", "I'd like to …") and returns the rest
// as it was typed. It always leaves a word, so "dạ" stays "dạ", and never
// returns "" for a text that is not empty.
func Polite(s string) string {
	words := split(s)
	from, to, _ := core(words)
	return cut(s, words, from, to)
}

// core finds the words that are meant, words[from:to], and says whether a
// title was taken off before them.
func core(words []word) (from, to int, titled bool) {
	for to = len(words); ; {
		start, end, title := strip(words[from:to])
		if start == 0 && end == to-from {
			return from, to, titled
		}
		from, to, titled = from+start, from+end, titled || title
	}
}

// strip takes one courtesy off, at the end before the front, so that "vâng" is
// what is left of "vâng ạ": words[from:to] are left. title says whether it was a
// title.
func strip(words []word) (from, to int, title bool) {
	if n := closing.endOf(words, 1); n > 0 {
		return 0, len(words) - n, false
	}
	if n := opening.startOf(words, 1); n > 0 {
		return n, len(words), false
	}
	n := titles.startOf(words, 1)
	return n, len(words), n > 0
}

// cut returns words[from:to] as typed in s. Signs at an end where nothing was
// taken off belong to the words, as in "+84 912 …", and stay.
func cut(s string, words []word, from, to int) string {
	const signs = " \u00A0\t\r\n,.:;!?"
	text := s
	if to < len(words) {
		text = strings.TrimRight(s[:words[to].from], signs)
	}
	if from > 0 {
		text = strings.TrimLeft(text[words[from-1].to:], signs)
	}
	if text = strings.TrimSpace(text); text == "" {
		return s
	}
	return text
}
