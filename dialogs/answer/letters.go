package answer

import (
	"strings"
	"unicode"
)

// The bytes that stand for a letter's marks in a key (see appendKey). They are
// below the space, so that a key without them is the folded text.
const (
	toneGrave   = 0x01 // huyền
	toneAcute   = 0x02 // sắc
	toneHook    = 0x03 // hỏi
	toneTilde   = 0x04 // ngã
	toneDot     = 0x05 // nặng
	shapeRoof   = 0x06 // â ê ô
	shapeBreve  = 0x07 // ă
	shapeHorn   = 0x08 // ơ ư
	shapeStroke = 0x0E // đ
	shapeOther  = 0x0F // any mark that Vietnamese does not have
)

// letter is a character taken apart: its lower-case ASCII base and the marks
// it bears, 0 for none. The zero value is a character that is no Vietnamese or
// ASCII letter or digit.
type letter struct{ base, shape, tone byte }

// letterTable holds every precomposed Vietnamese letter, in two ranges of
// Unicode, and the ASCII letters and digits.
type letterTable struct {
	low  ['ư' + 1]letter       // U+0000 to U+01B0
	high ['ỹ' - 'Ạ' + 1]letter // U+1EA0 to U+1EF9
}

// letters is immutable.
var letters = newLetterTable()

func newLetterTable() *letterTable {
	var t letterTable
	for c := byte('0'); c <= '9'; c++ {
		t.low[c] = letter{base: c}
	}
	for c := byte('a'); c <= 'z'; c++ {
		t.set(rune(c), letter{base: c})
	}
	rows := []struct {
		vowels string // ngang, huyền, sắc, hỏi, ngã, nặng: the order of the tone bytes
		base   byte
		shape  byte
	}{
		{"aàáảãạ", 'a', 0}, {"ăằắẳẵặ", 'a', shapeBreve}, {"âầấẩẫậ", 'a', shapeRoof},
		{"eèéẻẽẹ", 'e', 0}, {"êềếểễệ", 'e', shapeRoof}, {"iìíỉĩị", 'i', 0},
		{"oòóỏõọ", 'o', 0}, {"ôồốổỗộ", 'o', shapeRoof}, {"ơờớởỡợ", 'o', shapeHorn},
		{"uùúủũụ", 'u', 0}, {"ưừứửữự", 'u', shapeHorn}, {"yỳýỷỹỵ", 'y', 0},
	}
	for _, row := range rows {
		tone := byte(0)
		for _, r := range row.vowels {
			t.set(r, letter{row.base, row.shape, tone})
			tone++
		}
	}
	// The Icelandic eth stands for đ in much old text: the two look the same in capitals.
	for _, r := range "đð" {
		t.set(r, letter{'d', shapeStroke, 0})
	}
	return &t
}

func (t *letterTable) set(r rune, l letter) {
	for _, r := range []rune{r, unicode.ToUpper(r)} {
		if int(r) < len(t.low) {
			t.low[r] = l
		} else {
			t.high[r-'Ạ'] = l
		}
	}
}

func (t *letterTable) of(r rune) letter {
	if uint32(r) < uint32(len(t.low)) {
		return t.low[r]
	}
	if i := uint32(r - 'Ạ'); i < uint32(len(t.high)) {
		return t.high[i]
	}
	return letter{}
}

// combiningMark returns the byte of a combining character (U+0300 to U+036F)
// and whether it is a tone.
func combiningMark(r rune) (mark byte, tone bool) {
	switch r {
	case 0x300, 0x340:
		return toneGrave, true
	case 0x301, 0x341:
		return toneAcute, true
	case 0x309:
		return toneHook, true
	case 0x303:
		return toneTilde, true
	case 0x323:
		return toneDot, true
	case 0x302:
		return shapeRoof, false
	case 0x306:
		return shapeBreve, false
	case 0x31B:
		return shapeHorn, false
	default:
		return shapeOther, false
	}
}

func isCombining(r rune) bool { return r >= 0x300 && r <= 0x36F }

// Marked says whether s bears any Vietnamese mark: ă â đ ê ô ơ ư or a tone, in
// any normal form.
func Marked(s string) bool {
	last := byte(0)
	for _, r := range s {
		if isCombining(r) {
			if mark, _ := combiningMark(r); mark != shapeOther && strings.IndexByte("aeiouy", last) >= 0 {
				return true
			}
			continue
		}
		l := letters.of(r)
		if l.shape|l.tone != 0 {
			return true
		}
		last = l.base
	}
	return false
}
