package answer

// Problem is a reason code: why a text was not understood, or why it has to be
// echoed back. The words for people live in the content, keyed by this code.
// The zero value means that nothing is wrong.
type Problem string

// The problems of any text.
const (
	ProblemEmpty      Problem = "empty"       // nothing but spaces or invisible characters
	ProblemTooLong    Problem = "too.long"    // longer than any answer to such a question
	ProblemLegacyFont Problem = "legacy.font" // TCVN3 or VNI letters, unreadable without their old font
	ProblemFile       Problem = "file"        // words where a picture or document was asked for
)

// The problems of [Name].
const (
	ProblemNameShort    Problem = "name.short"    // one word only, or a single letter
	ProblemNameDigits   Problem = "name.digits"   // digits in it
	ProblemNameUnmarked Problem = "name.unmarked" // several words without any Vietnamese mark
	ProblemNameCompany  Problem = "name.company"  // an enterprise instead of a person
	ProblemNameSentence Problem = "name.sentence" // a sentence or several names
	ProblemNameForm     Problem = "name.form"     // signs that no name has
)

// The problems of [Phone].
const (
	ProblemPhoneShort   Problem = "phone.short"   // digits missing
	ProblemPhoneLong    Problem = "phone.long"    // digits too many
	ProblemPhoneLetters Problem = "phone.letters" // no number in it, or letters among its digits
	ProblemPhoneService Problem = "phone.service" // a 1800 or 1900 number, which is nobody's own
	ProblemPhoneForm    Problem = "phone.form"    // a number that no network gives out
	ProblemPhoneZero    Problem = "phone.zero"    // the leading 0 is missing
	ProblemPhoneArea    Problem = "phone.area"    // an area code that was replaced
	ProblemPhoneSeveral Problem = "phone.several" // more than one number
)

// The problems of [Email].
const (
	ProblemEmailForm    Problem = "email.form"    // not an address, or one with spaces inside
	ProblemEmailDomain  Problem = "email.domain"  // the domain looks like a slip of a well-known one
	ProblemEmailMarks   Problem = "email.marks"   // Vietnamese marks in it
	ProblemEmailSeveral Problem = "email.several" // more than one address
)

// The problems of [TaxCode].
const (
	ProblemTaxForm     Problem = "tax.form"     // no number in it, or letters among its digits
	ProblemTaxLength   Problem = "tax.length"   // neither 10 nor 13 digits
	ProblemTaxCheck    Problem = "tax.check"    // the check digit does not fit
	ProblemTaxPersonal Problem = "tax.personal" // 12 digits: a personal identity number, which is not kept
	ProblemTaxBranch   Problem = "tax.branch"   // a branch suffix other than 001 to 999
	ProblemTaxZero     Problem = "tax.zero"     // the leading 0 is missing
)

// The problems of [Date].
const (
	ProblemDateForm      Problem = "date.form"      // not a day
	ProblemDateMissing   Problem = "date.missing"   // no such day in the calendar, as 31/2
	ProblemDateAmbiguous Problem = "date.ambiguous" // words that may mean several days
	ProblemDateYear      Problem = "date.year"      // no year given and the next such day is far away
	ProblemDateWeekday   Problem = "date.weekday"   // the weekday given is not that of the day given
	ProblemDateLunar     Problem = "date.lunar"     // words of the lunar calendar
)

// The problems of [Decimal] and [Integer].
const (
	ProblemNumberForm      Problem = "number.form"      // not a number, or one among other words
	ProblemNumberAmbiguous Problem = "number.ambiguous" // the separator may mean thousands or decimals
	ProblemNumberWhole     Problem = "number.whole"     // a fraction where a whole number is asked for
	ProblemNumberAbout     Problem = "number.about"     // "more than", "nearly"
	ProblemNumberRange     Problem = "number.range"     // from … to …
	ProblemNumberLarge     Problem = "number.large"     // beyond ±10¹⁵
)

// ProblemYesNo is the problem of [YesNo]: neither yes nor no, or one of them
// with a condition.
const ProblemYesNo Problem = "yesno"

// Problems lists every problem there is, so that content can be checked for
// having words for each.
func Problems() []Problem {
	return []Problem{
		ProblemEmpty, ProblemTooLong, ProblemLegacyFont, ProblemFile,
		ProblemNameShort, ProblemNameDigits, ProblemNameUnmarked, ProblemNameCompany, ProblemNameSentence, ProblemNameForm,
		ProblemPhoneShort, ProblemPhoneLong, ProblemPhoneLetters, ProblemPhoneService, ProblemPhoneForm,
		ProblemPhoneZero, ProblemPhoneArea, ProblemPhoneSeveral,
		ProblemEmailForm, ProblemEmailDomain, ProblemEmailMarks, ProblemEmailSeveral,
		ProblemTaxForm, ProblemTaxLength, ProblemTaxCheck, ProblemTaxPersonal, ProblemTaxBranch, ProblemTaxZero,
		ProblemDateForm, ProblemDateMissing, ProblemDateAmbiguous, ProblemDateYear, ProblemDateWeekday, ProblemDateLunar,
		ProblemNumberForm, ProblemNumberAmbiguous, ProblemNumberWhole, ProblemNumberAbout, ProblemNumberRange, ProblemNumberLarge,
		ProblemYesNo,
	}
}

// maxCandidates is how many readings are offered at most: more than three
// buttons make people read instead of choose.
const maxCandidates = 3

// Result is what a reading came to. One candidate and no problem: sure.
// Candidates and a problem: doubtful, to be echoed back, best first, at most
// three. No candidate: wrong, and the problem says why.
type Result[T any] struct {
	Candidates []T
	Problem    Problem
}

// Sure returns the one reading that needs no echo, if there is one.
func (r Result[T]) Sure() (T, bool) {
	if r.Problem == "" && len(r.Candidates) == 1 {
		return r.Candidates[0], true
	}
	var none T
	return none, false
}

func sure[T any](v T) Result[T] { return Result[T]{Candidates: []T{v}} }

func wrong[T any](p Problem) Result[T] { return Result[T]{Problem: p} }

func doubtful[T any](p Problem, candidates ...T) Result[T] {
	return Result[T]{Candidates: candidates[:min(len(candidates), maxCandidates)], Problem: p}
}
