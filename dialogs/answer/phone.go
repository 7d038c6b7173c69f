package answer

import (
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// oldMobile maps the prefixes of the 11-digit mobile numbers to those that
// replaced them on 15 September 2018. Lists from before still have them.
var oldMobile = map[string]string{
	"0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
	"0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
	"0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038", "0169": "039",
	"0186": "056", "0188": "058", "0199": "059",
}

const (
	vietnam        = "+84"
	oldBinhDuong   = "0650" // the province's area code until June 2017
	binhDuong      = "0274"
	leastDigits    = 7  // of what may be a telephone number among other words
	mobileLength   = 10 // with the leading 0
	landlineLength = 11
)

// Phone reads a telephone number in any spelling and returns it in E.164. A
// Vietnamese mobile number has 10 digits and starts with 03, 05, 07, 08 or 09,
// whatever the operator, since numbers move between them; a landline has 11 and
// starts with 02. The 11-digit mobile numbers of before 2018 are mapped to what
// they became. Other countries' numbers need their + or 00.
func Phone(s string) Result[string] {
	text := Clean(s)
	switch {
	case text == "":
		return wrong[string](ProblemEmpty)
	case len(text) > maxAnswer:
		return wrong[string](ProblemTooLong)
	}
	found := runs(text, " .-()_")
	if len(found) == 0 {
		return wrong[string](ProblemPhoneLetters)
	}
	long := slices.DeleteFunc(slices.Clone(found), func(r run) bool { return len(r.digits) < leastDigits })
	if len(long) == 0 {
		return wrong[string](ProblemPhoneShort)
	}
	if len(long) == 1 {
		return phoneOf(long[0])
	}
	return severalPhones(long)
}

// severalPhones offers the numbers of a text that has more than one.
func severalPhones(found []run) Result[string] {
	var candidates []string
	for _, r := range found {
		if phones := phoneOf(r).Candidates; len(phones) > 0 && !slices.Contains(candidates, phones[0]) {
			candidates = append(candidates, phones[0])
		}
	}
	switch len(candidates) {
	case 0:
		return phoneOf(found[0])
	case 1:
		return sure(candidates[0])
	default:
		return doubtful(ProblemPhoneSeveral, candidates...)
	}
}

// phoneOf reads one number.
func phoneOf(r run) Result[string] {
	result := phoneDigits(r.digits, r.plus)
	if result.Problem == ProblemPhoneLong && !r.plus {
		// Two numbers with no more than a blank between them.
		for at := mobileLength; at <= landlineLength && at < len(r.digits); at++ {
			first, ok1 := phoneDigits(r.digits[:at], false).Sure()
			second, ok2 := phoneDigits(r.digits[at:], false).Sure()
			if ok1 && ok2 {
				return doubtful(ProblemPhoneSeveral, first, second)
			}
		}
	}
	if r.letters && len(result.Candidates) > 0 {
		return doubtful(ProblemPhoneLetters, result.Candidates...)
	}
	return result
}

// phoneDigits reads a number by its digits.
func phoneDigits(d string, plus bool) Result[string] {
	switch {
	case plus && strings.HasPrefix(d, "84"):
		return nationalPhone("0" + strings.TrimPrefix(d[2:], "0"))
	case plus:
		return foreignPhone(d)
	case strings.HasPrefix(d, "0084"):
		return nationalPhone("0" + strings.TrimPrefix(d[4:], "0"))
	case strings.HasPrefix(d, "00"):
		return foreignPhone(d[2:])
	case strings.HasPrefix(d, "84") && len(d) >= len("84")+mobileLength-1:
		return nationalPhone("0" + strings.TrimPrefix(d[2:], "0"))
	case d[0] == '0':
		return nationalPhone(d)
	case isService(d):
		return wrong[string](ProblemPhoneService)
	}
	if phone, ok := nationalPhone("0" + d).Sure(); ok {
		return doubtful(ProblemPhoneZero, phone) // spreadsheets drop the leading zero
	}
	switch {
	case len(d) < mobileLength-1:
		return wrong[string](ProblemPhoneShort)
	case len(d) > landlineLength:
		return wrong[string](ProblemPhoneLong)
	default:
		return wrong[string](ProblemPhoneForm)
	}
}

func isService(d string) bool {
	return (strings.HasPrefix(d, "1800") || strings.HasPrefix(d, "1900")) && len(d) <= 10
}

// nationalPhone reads a number that starts with its 0.
func nationalPhone(n string) Result[string] {
	if len(n) < leastDigits {
		return wrong[string](ProblemPhoneShort)
	}
	length := mobileLength
	switch new, old := oldMobile[n[:4]]; {
	case old && len(n) == landlineLength:
		return sure(vietnam + new[1:] + n[4:])
	case isService(n[1:]):
		return wrong[string](ProblemPhoneService)
	case strings.HasPrefix(n, oldBinhDuong) && len(n) == landlineLength:
		return doubtful(ProblemPhoneArea, vietnam+binhDuong[1:]+n[4:])
	case old || n[1] == '2':
		length = landlineLength
	case strings.IndexByte("35789", n[1]) < 0:
		if len(n) <= landlineLength && len(n) >= mobileLength {
			return wrong[string](ProblemPhoneForm)
		}
	}
	switch {
	case len(n) < length:
		return wrong[string](ProblemPhoneShort)
	case len(n) > length:
		return wrong[string](ProblemPhoneLong)
	default:
		return sure(vietnam + n[1:])
	}
}

// foreignPhone reads the digits of a number of another country.
func foreignPhone(d string) Result[string] {
	number, err := phonenumbers.Parse("+"+d, "")
	if err != nil {
		return wrong[string](ProblemPhoneForm)
	}
	if phonenumbers.IsValidNumber(number) {
		return sure(phonenumbers.Format(number, phonenumbers.E164))
	}
	switch phonenumbers.IsPossibleNumberWithReason(number) {
	case phonenumbers.TOO_SHORT:
		return wrong[string](ProblemPhoneShort)
	case phonenumbers.TOO_LONG:
		return wrong[string](ProblemPhoneLong)
	default:
		return wrong[string](ProblemPhoneForm)
	}
}

// FormatPhone writes an E.164 number as people read it: "0912 345 678",
// "0274 3 822 555", "028 3822 2555", "+65 6123 4567". Anything else is returned
// as it is.
func FormatPhone(e164 string) string {
	n, ok := strings.CutPrefix(e164, vietnam)
	if !ok || startsDigits(n) != len(n) {
		return formatForeign(e164)
	}
	switch {
	case len(n) == mobileLength-1:
		return "0" + n[:3] + " " + n[3:6] + " " + n[6:]
	case len(n) == landlineLength-1 && (n[:2] == "24" || n[:2] == "28"):
		return "0" + n[:2] + " " + n[2:6] + " " + n[6:]
	case len(n) == landlineLength-1:
		return "0" + n[:3] + " " + n[3:4] + " " + n[4:7] + " " + n[7:]
	default:
		return e164
	}
}

func formatForeign(e164 string) string {
	if !strings.HasPrefix(e164, "+") {
		return e164
	}
	number, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(number, phonenumbers.INTERNATIONAL)
}
