package answer

import (
	"strings"
	"testing"
)

func TestYesNo(t *testing.T) {
	var table []reading[bool]
	for _, typed := range strings.Split("có|Có ạ|dạ có|co|CÓ|vâng|vang a|dạ|dạ vâng|ừ|ừm|đúng|đúng rồi|dung|dung roi a|chính xác|phải|phai|được|duoc|dạ được ạ|đồng ý|dong y|ok|OK|oke|Okie|ok em|ô kê|yes|Yes, please|y|yep|sure|chắc chắn|dĩ nhiên|👍|👍🏽|✅|rồi", "|") {
		table = append(table, reading[bool]{typed, "", []bool{true}})
	}
	for _, typed := range strings.Split("không|Không ạ|dạ không|khong|ko|KO|k|hông|hong|chưa|chua|dạ chưa ạ|thôi|thoi|thôi khỏi|sai|sai rồi|không phải|khong phai|không đúng|không cần|không, cảm ơn|no|No thanks|nope|not yet|đừng|👎|vâng, không", "|") {
		table = append(table, reading[bool]{typed, "", []bool{false}})
	}
	for _, typed := range strings.Split("dừng|Dũng|cô|cỏ|phái|dùng|không biết|khong biet|chưa rõ|có lẽ|maybe|có không?|được không|Nguyễn Văn An|gỗ|12|???|🙂", "|") {
		table = append(table, reading[bool]{typed, ProblemYesNo, nil})
	}
	table = append(table,
		reading[bool]{"có nhưng ít", ProblemYesNo, []bool{true}},
		reading[bool]{"chắc có", ProblemYesNo, []bool{true}},
		reading[bool]{"hình như không ạ", ProblemYesNo, []bool{false}},
		reading[bool]{"không thường xuyên", ProblemYesNo, []bool{false}},
		reading[bool]{"chưa làm được", ProblemYesNo, []bool{false}},
		reading[bool]{"", ProblemEmpty, nil},
		reading[bool]{" \u200b ", ProblemEmpty, nil},
	)
	checkReadings(t, YesNo, table)
}

func FuzzYesNo(f *testing.F) {
	for _, s := range []string{"dạ có ạ", "không", "chắc có", "👍", "", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkResult(t, YesNo(s)) })
}
