package content_test

import (
	"testing"

	"pgregory.net/rapid"

	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/dialogs/answer"
)

// TestEveryReadingHasWords types all kinds of answers at all kinds of questions:
// whatever is the matter with one, the content has words for it, of the kind
// that is needed: doubt.X where there is a reading to confirm, else problem.X.
func TestEveryReadingHasWords(t *testing.T) {
	set := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom(typed),
			rapid.StringMatching(`(\+?84|0|0084)?[0-9 .\-]{5,14}( hoặc 0[0-9]{9})?( nhé| x| ạ)?`),
			rapid.StringMatching(`(mst|mã số thuế|số)?:? ?[0-9]{9,13}(-[0-9]{1,3})?( ạ| a1)?`),
			rapid.StringMatching(`(ngày |mùng |thứ [2-7] |chủ nhật )?[0-9]{1,2}[/. \-][0-9]{1,2}([/\-][0-9]{2,4})?( âm lịch| tới)?`),
			rapid.StringMatching(`(khoảng |hơn |gần |từ )?[0-9]{1,4}([.,][0-9]{1,3}){0,3} ?(kWh|triệu|k|đến 20|-5)?`),
			rapid.StringMatching(`[a-zđ.]{1,9}@(gmail|gmial|yahoo|go viet)\.(com|con|vn|cm)`),
			rapid.StringMatching(`(có|không|rồi|chưa|đúng|ok|k)( nhưng| hay| mà)?( không| có| thôi)?`),
			rapid.String(),
		), 60, 60).Draw(t, "typed")
		for _, text := range texts {
			holdAll(t, set, answer.Clean(text))
		}
	})
}

func holdAll(t *rapid.T, set *content.Set, text string) {
	hold(t, set, answer.Name(text))
	hold(t, set, answer.Phone(text))
	hold(t, set, answer.Email(text))
	hold(t, set, answer.TaxCode(text))
	hold(t, set, answer.Decimal(text))
	hold(t, set, answer.Integer(text))
	hold(t, set, answer.YesNo(text))
	hold(t, set, answer.Date(text, answer.Day{Year: 2026, Month: 11, Day: 24}))
}

func hold[T any](t *rapid.T, set *content.Set, r answer.Result[T]) {
	if r.Problem == "" {
		return
	}
	key := "problem." + string(r.Problem)
	if len(r.Candidates) > 0 {
		key = "doubt." + string(r.Problem)
	}
	if set.Library.Text(key) == (dialogs.Text{}) {
		t.Fatalf("there are no words for %s", key)
	}
}
