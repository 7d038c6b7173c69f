package answer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxAnswer   = 300 // bytes beyond which no phone, tax code, name, date or number was meant
	maxNameWord = 8   // words beyond which a name is a sentence
)

// introducing are the words before a name.
var introducing = newPhraseBook(
	"tôi tên là", "tôi tên", "tên tôi là", "tên tôi", "em tên là", "em tên", "tên em là", "tên em", "mình tên là", "mình tên", "tên mình là", "anh tên là", "anh tên", "chị tên là", "chị tên",
	"tên là", "tên", "tên đầy đủ", "họ tên", "họ và tên", "họ tên là", "họ và tên là", "họ tên em là", "họ tên tôi là", "tôi là", "em là", "mình là", "anh là", "chị là",
	"my name is", "my name's", "name", "full name", "i am", "i'm", "this is",
)

// talking are words that are in sentences and in no name, as typed with their
// marks. They are few, since nearly every word is somebody's name: "Nhưng" is
// not, "Nhung" is.
var talking = newPhraseBook(
	"không", "tôi", "gì", "nhưng", "em muốn", "anh muốn", "chị muốn", "mình muốn", "thế nào", "làm sao", "sao lại", "tại sao", "vì sao", "bao giờ", "đăng ký", "bỏ qua", "để sau", "cảm ơn", "chưa biết",
	"khong co", "khong biet", "khong muon", "what", "why", "how", "don't", "want", "please",
)

// companies are words that names of enterprises begin with and no person's does.
var companies = newPhraseBook(
	"công ty", "cty", "tnhh", "doanh nghiệp", "dntn", "hợp tác xã", "htx", "xí nghiệp", "nhà máy", "cơ sở sản xuất", "hộ kinh doanh",
)

// Name reads a person's name: as typed, in normal form C, without the words
// that introduce it ("em tên là …") and the courtesy around it. A single word
// and a name of several words without any mark are doubtful, to be asked about
// once; marks are never guessed.
func Name(s string) Result[string] {
	text := Clean(s)
	switch {
	case text == "":
		return wrong[string](ProblemEmpty)
	case len(text) > maxAnswer:
		return wrong[string](ProblemTooLong)
	case isLegacy(text):
		return wrong[string](ProblemLegacyFont)
	case companies.startOf(split(bareName(text)), 0) > 0:
		return wrong[string](ProblemNameCompany)
	case strings.ContainsFunc(text, unicode.IsNumber):
		return wrong[string](ProblemNameDigits)
	}
	text = strings.Trim(bareName(text), " \"'“”‘’«».,;:!")
	words := split(text)
	if strings.ContainsAny(text, "\n?!,;:@/&+") || len(words) > maxNameWord || talking.spelledIn(words) {
		return wrong[string](ProblemNameSentence)
	}
	if kept := Clean(strings.Map(inName, text)); kept != text {
		if len(split(kept)) == 0 {
			return wrong[string](ProblemNameForm)
		}
		return doubtful(ProblemNameForm, kept)
	}
	return nameOf(text, words)
}

// nameOf judges a name that is well formed.
func nameOf(text string, words []word) Result[string] {
	switch {
	case len(words) == 0:
		return wrong[string](ProblemNameForm)
	case utf8.RuneCountInString(text) == 1:
		return wrong[string](ProblemNameShort)
	case len(words) == 1:
		return doubtful(ProblemNameShort, text)
	case isASCII(text):
		return doubtful(ProblemNameUnmarked, text)
	default:
		return sure(text)
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func inName(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsMark(r) || r == ' ' || r == '-' || r == '\'' || r == '’' || r == '.' {
		return r
	}
	return -1
}

// bareName takes off what stands around a name. "Dạ" and "ạ" are taken only as
// written: "da" and "a" may be the name's own, as in "Nguyen Van A".
func bareName(text string) string {
	words := split(text)
	from, to := 0, len(words)
	if to > 1 && (words[to-1].key == "a\x05" || words[to-1].key == "nhe\x02") {
		to--
	}
	if to > 1 && words[0].key == "da\x05" && (strings.HasPrefix(text, "d") || text[words[0].to] == ',' || to > 3) {
		from++
	}
	if n := introducing.startOf(words[from:to], 1); n > 0 {
		from += n
	}
	return cut(text, words, from, to)
}
