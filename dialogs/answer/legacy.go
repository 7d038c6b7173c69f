package answer

import "strings"

// isLegacy says whether s was written for an old font with its own character
// set and can't be read without it: TCVN3 ("NguyÔn V¨n A") or VNI ("Nguyeãn
// Vaên A"). Both put the letters of Vietnamese in places where Latin-1 has
// signs and Western letters, which stand where no language puts them.
func isLegacy(s string) bool {
	rs := []rune(s)
	for i, r := range rs {
		if r == '\uFFFD' {
			return true
		}
		if i > 0 && (tcvn3(rs[i-1], r, next(rs, i)) || vni(rs[i-1], r, next(rs, i))) {
			return true
		}
	}
	return false
}

func next(rs []rune, i int) rune {
	if i+1 < len(rs) {
		return rs[i+1]
	}
	return ' '
}

// tcvn3 says whether a sign or a capital Western letter stands inside a word,
// after a small letter or between letters.
func tcvn3(before, r, after rune) bool {
	if !isLatin(before) {
		return false
	}
	switch {
	case strings.ContainsRune("µ¸¶·¹¨»¾¼½©®¬¦¡§¢£¤¥÷×", r):
		return isLatin(after) || before >= 'a' && r != '®' && r != '©' && r != '·'
	case strings.ContainsRune("ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖØÜÝÞß", r):
		return before >= 'a' && before <= 'z' && r != 'ß'
	default:
		return false
	}
}

// vni says whether a vowel is followed by one of the letters by which VNI
// writes the marks of the vowel before it, at the end of a syllable.
func vni(before, r, after rune) bool {
	if isLatin(after) && !strings.ContainsRune("nmptciouyNMPTCIOUY", after) {
		return false
	}
	marks := ""
	switch before {
	case 'a', 'A':
		marks = "øùûõïâáàåãäêéèúüëØÙÛÕÏÂÁÀÅÃÄÊÉÈÚÜË"
	case 'e', 'E':
		marks = "øùûõïâáàåãäØÙÛÕÏÂÁÀÅÃÄ"
	case 'o', 'O':
		marks = "øùûõïâåäØÙÛÕÏÂÅÄ"
	case 'u', 'U', 'y', 'Y':
		marks = "øùûõïØÙÛÕÏ"
	case 'ö', 'Ö', 'ô', 'Ô':
		marks = "øùûõïôØÙÛÕÏÔ"
	}
	return strings.ContainsRune(marks, r)
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
