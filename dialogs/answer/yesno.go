package answer

import "strings"

// affirmative are the words for yes. "dung" without marks is among them as
// "đúng"; at a yes-or-no question nobody means "dừng".
var affirmative = newPhraseBook(
	"có", "có chứ", "có rồi", "đã có", "dạ", "vâng", "ừ", "ừm", "uh", "uhm", "um", "ờ", "đúng", "đúng rồi", "đúng vậy", "đúng thế", "chính xác", "chuẩn", "chuẩn rồi",
	"phải", "phải rồi", "được", "được rồi", "được chứ", "dc", "đc", "đồng ý", "nhất trí", "chắc chắn", "chắc chắn rồi", "chắc chắn có", "tất nhiên", "dĩ nhiên", "rồi", "xác nhận",
	"ok", "oke", "okie", "okey", "okay", "okê", "ô kê", "yes", "yep", "yeah", "yup", "ya", "y", "sure", "of course", "correct", "right", "that's right", "true", "agree", "agreed", "i agree", "i do", "yes i do",
)

// negative are the words for no.
var negative = newPhraseBook(
	"không", "ko", "k", "kh", "khg", "khôg", "hông", "hổng", "hem", "hok", "khum", "không phải", "không đúng", "không có", "không cần", "không được", "không đồng ý", "không muốn",
	"ko có", "ko phải", "ko đúng", "ko cần", "ko được", "k có", "k phải", "k cần", "chưa", "chưa có", "chưa được", "chưa phải", "thôi", "thôi khỏi", "khỏi", "sai", "sai rồi", "đừng", "từ chối",
	"no", "nope", "nah", "n", "not yet", "never", "wrong", "incorrect", "false", "don't", "do not", "i don't", "disagree", "no i don't",
)

// hesitant are words that make a yes or no uncertain.
var hesitant = newPhraseBook(
	"chắc", "chắc là", "hình như", "hình như là", "có lẽ", "có thể", "không chắc", "ko chắc", "không biết", "ko biết", "k biết", "không rõ", "ko rõ", "chưa biết", "chưa rõ", "tùy", "sao cũng được",
	"em nghĩ là", "tôi nghĩ là", "i think", "maybe", "perhaps", "i don't know", "don't know", "not sure", "i'm not sure",
)

// asking are the words that turn a statement into a question.
var asking = newPhraseBook("không", "ko", "k", "chưa", "hả", "hay không", "phải không")

// YesNo reads a yes or no, in Vietnamese or English, with courtesy around it.
// Marks that were typed count: "đúng" and "dung" are yes, "dừng" is neither. A
// yes or no that goes on ("có nhưng ít", "chắc có") is doubtful.
func YesNo(s string) Result[bool] {
	all := split(s)
	if len(all) == 0 {
		return yesNoSign(Clean(s))
	}
	from, to, _ := core(all)
	words := all[from:to]
	unsure := hesitant.within(all[:from])
	if n := hesitant.startOf(words, 1); n > 0 && !affirmative.has(words) {
		words, unsure = words[n:], true
	}
	yes, plain := plainYesNo(words)
	switch {
	case plain && unsure:
		return doubtful(ProblemYesNo, yes)
	case plain:
		return sure(yes)
	case unsure:
		return wrong[bool](ProblemYesNo)
	default:
		return yesNoStart(words)
	}
}

// plainYesNo says whether words are a yes or no and nothing else.
func plainYesNo(words []word) (yes, plain bool) {
	if affirmative.has(words) {
		return true, true
	}
	return false, negative.has(words)
}

// yesNoStart reads a yes or no that goes on.
func yesNoStart(words []word) Result[bool] {
	question := asking.endOf(words, 1) > 0
	switch {
	case hesitant.has(words) || question:
		return wrong[bool](ProblemYesNo)
	case negative.startOf(words, 1) > 0:
		return doubtful(ProblemYesNo, false)
	case affirmative.startOf(words, 1) > 0:
		return doubtful(ProblemYesNo, true)
	default:
		return wrong[bool](ProblemYesNo)
	}
}

// yesNoSign reads a picture.
func yesNoSign(text string) Result[bool] {
	for _, sign := range []string{"👍", "👌", "✅", "✔", "🆗"} {
		if strings.HasPrefix(text, sign) {
			return sure(true)
		}
	}
	for _, sign := range []string{"👎", "❌", "✖", "🙅"} {
		if strings.HasPrefix(text, sign) {
			return sure(false)
		}
	}
	if text == "" {
		return wrong[bool](ProblemEmpty)
	}
	return wrong[bool](ProblemYesNo)
}
