package answer

import (
	"slices"
	"strconv"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// menuOf makes a menu of one choice for each row of labels.
func menuOf(rows ...[]string) *Menu {
	choices := make([]Choice, len(rows))
	for i, labels := range rows {
		choices[i] = Choice{labels}
	}
	return NewMenu(choices)
}

// single makes a menu of choices with one label each.
func single(labels ...string) *Menu {
	rows := make([][]string, len(labels))
	for i, l := range labels {
		rows[i] = []string{l}
	}
	return menuOf(rows...)
}

// classMenu is what a class is offered with.
func classMenu() *Menu {
	return menuOf(
		[]string{"Đăng ký", "Đăng ký lớp", "Register"},
		[]string{"Xem nội dung lớp", "See the programme"},
		[]string{"Lớp khác", "Another class"},
		[]string{"Huỷ", "Thôi", "Cancel"},
	)
}

// commands are words that work at any time.
func commands() *Menu {
	return menuOf(
		[]string{"Dừng", "Dừng tin", "Stop"},
		[]string{"Hủy", "Cancel"},
		[]string{"Quay lại", "Back"},
		[]string{"Trợ giúp", "Help"},
	)
}

// scaleMenu is a question's scale, where "không" and "có" start several labels.
func scaleMenu() *Menu {
	return single("Chưa có", "Có một phần", "Có đầy đủ", "Không biết", "Không áp dụng")
}

// pickLine is a line of a table. want −1: nothing picked.
type pickLine struct {
	typed string
	want  int
	how   How
	close []int
}

func checkPicks(t *testing.T, m *Menu, lines []pickLine) {
	t.Helper()
	for _, l := range lines {
		for form, typed := range map[string]string{"NFC": norm.NFC.String(l.typed), "NFD": norm.NFD.String(l.typed)} {
			got := m.Pick(typed)
			if got.Index != l.want || got.How != l.how || !slices.Equal(got.Close, l.close) {
				t.Errorf("%q (%s): got %+v, want {%d %d %v}", l.typed, form, got, l.want, l.how, l.close)
			}
		}
	}
}

func TestPickFromClass(t *testing.T) {
	checkPicks(t, classMenu(), []pickLine{
		{"Đăng ký", 0, HowExact, nil},
		{"ĐĂNG KÝ", 0, HowExact, nil},
		{"đăng kí", -1, HowNone, []int{0}},
		{"register", 0, HowExact, nil},
		{"hủy", 3, HowExact, nil}, // the label is spelled "Huỷ"
		{"dang ky", 0, HowFolded, nil},
		{"DANG KY!", 0, HowFolded, nil},
		{"huy", 3, HowFolded, nil},
		{"đăng ky", 0, HowFolded, nil},
		{"đang ký", -1, HowNone, []int{0}}, // other marks: offered
		{"Dạ đăng ký ạ", 0, HowPolite, nil},
		{"dạ em đăng ký ạ", 0, HowPolite, nil},
		{"cho em đăng ký lớp với", 0, HowPolite, nil},
		{"cho em dang ky lop voi a", 0, HowPolite, nil},
		{"Em muốn đăng ký nhé!", 0, HowPolite, nil},
		{"vâng, cho tôi đăng ký", 0, HowPolite, nil},
		{"I'd like to register, please", 0, HowPolite, nil},
		{"dạ thôi ạ", 3, HowPolite, nil},
		{"tôi không muốn đăng ký", -1, HowNone, nil},
		{"không đăng ký", -1, HowNone, nil},
		{"1", 0, HowNumber, nil},
		{"2.", 1, HowNumber, nil},
		{"(3)", 2, HowNumber, nil},
		{"số 2", 1, HowNumber, nil},
		{"so 2", 1, HowNumber, nil},
		{"câu 3", 2, HowNumber, nil},
		{"em chọn số 2 ạ", 1, HowNumber, nil},
		{"cái thứ hai", 1, HowNumber, nil},
		{"cái đầu tiên", 0, HowNumber, nil},
		{"cái cuối cùng", 3, HowNumber, nil},
		{"the second one", 1, HowNumber, nil},
		{"hai", 1, HowNumber, nil},
		{"ba", 2, HowNumber, nil},
		{"2️⃣", 1, HowNumber, nil},
		{"２", 1, HowNumber, nil},
		{"5", -1, HowNone, nil},
		{"0", -1, HowNone, nil},
		{"xem", 1, HowPrefix, nil},
		{"nội dung", 1, HowPrefix, nil},
		{"noi dung", 1, HowPrefix, nil},
		{"lớp", -1, HowNone, []int{0, 1, 2}},
		{"khác", 2, HowPrefix, nil},
		{"programme", 1, HowPrefix, nil},
		{"đăng k", 0, HowPrefix, nil},
		{"dă", -1, HowNone, nil},
		{"dang lky", -1, HowNone, []int{0}},
		{"regitser", -1, HowNone, []int{0}},
		{"huỳ", -1, HowNone, []int{3}},
		{"anh Huy", -1, HowNone, []int{3}}, // a name, most likely
		{"em hủy", 3, HowPolite, nil},
		{"", -1, HowNone, nil},
		{"???", -1, HowNone, nil},
		{"giá vàng hôm nay", -1, HowNone, nil},
	})
}

func TestMarksAreBelieved(t *testing.T) {
	checkPicks(t, commands(), []pickLine{
		{"dừng", 0, HowExact, nil},
		{"dung", 0, HowFolded, nil},
		{"Dũng", -1, HowNone, []int{0}},
		{"đúng", -1, HowNone, []int{0}},
		{"dùng", -1, HowNone, []int{0}},
		{"huỷ", 1, HowExact, nil},
		{"huy", 1, HowFolded, nil},
		{"Huyền", -1, HowNone, nil},
		{"Quay lai", 2, HowFolded, nil},
		{"tro giup voi", 3, HowPolite, nil},
	})
	checkPicks(t, single("Đúng", "Dừng"), []pickLine{
		{"đúng", 0, HowExact, nil},
		{"dừng", 1, HowExact, nil},
		{"dung", -1, HowNone, []int{0, 1}},
		{"Dũng", -1, HowNone, []int{0, 1}},
	})
}

func TestPickFromScale(t *testing.T) {
	checkPicks(t, scaleMenu(), []pickLine{
		{"chưa có", 0, HowExact, nil},
		{"chua co", 0, HowFolded, nil},
		{"chưa", -1, HowNone, []int{0}},
		{"có", -1, HowNone, []int{0, 1, 2}},
		{"không", -1, HowNone, []int{3, 4}},
		{"khong biet", 3, HowFolded, nil},
		{"không biết nữa", -1, HowNone, []int{3}},
		{"một phần", 1, HowPrefix, nil},
		{"đầy đủ", 2, HowPrefix, nil},
		{"day du", 2, HowPrefix, nil},
	})
}

func TestPickAmongNumbers(t *testing.T) {
	checkPicks(t, single("Dưới 10 người", "10–50 người", "51–200 người"), []pickLine{
		{"10-50", 1, HowPrefix, nil},
		{"dưới 10", 0, HowPrefix, nil},
		{"2", 1, HowNumber, nil},
	})
	checkPicks(t, single("< 10", "> 10"), []pickLine{
		{"> 10", 1, HowExact, nil},
		{"10", -1, HowNone, []int{0, 1}},
	})
	checkPicks(t, single("3 ca", "2 ca", "1 ca"), []pickLine{
		{"3", -1, HowNone, []int{0, 2}},
		{"2", 1, HowNumber, nil},
		{"3 ca", 0, HowExact, nil},
	})
	checkPicks(t, single("Thứ Tư", "Thứ Ba", "Thứ Hai"), []pickLine{
		{"thứ hai", 2, HowExact, nil},
		{"thứ 2", -1, HowNone, nil},
		{"2", 1, HowNumber, nil},
	})
}

func TestPickSigns(t *testing.T) {
	checkPicks(t, single("👍", "👎", ""), []pickLine{
		{"👍", 0, HowExact, nil},
		{" 👎 ", 1, HowExact, nil},
		{"3", 2, HowNumber, nil},
		{"🙂", -1, HowNone, nil},
	})
	checkPicks(t, NewMenu(nil), []pickLine{{"gì", -1, HowNone, nil}, {"1", -1, HowNone, nil}})
}

func TestPickMany(t *testing.T) {
	m := menuOf([]string{"Gỗ", "Wood"}, []string{"Sơn", "Paint"}, []string{"Điện, nước"}, []string{"Keo và dung môi"}, []string{"Bao bì"})
	for _, c := range []struct {
		typed string
		want  []int
		ok    bool
		close []int
	}{
		{"1, 3 và 4", []int{0, 2, 3}, true, nil},
		{"1 3 4", []int{0, 2, 3}, true, nil},
		{"1,3,3", []int{0, 2}, true, nil},
		{"4;1", []int{0, 3}, true, nil},
		{"1-3", []int{0, 1, 2}, true, nil},
		{"từ 2 đến 4", []int{1, 2, 3}, true, nil},
		{"Gỗ và sơn", []int{0, 1}, true, nil},
		{"go va son", []int{0, 1}, true, nil},
		{"dạ cho em gỗ với sơn ạ", []int{0, 1}, true, nil},
		{"wood and paint", []int{0, 1}, true, nil},
		{"điện, nước", []int{2}, true, nil},
		{"gỗ, điện, nước, bao bì", []int{0, 2, 4}, true, nil},
		{"gỗ, keo và dung môi", []int{0, 3}, true, nil},
		{"keo", []int{3}, true, nil},
		{"gỗ\nsơn", []int{0, 1}, true, nil},
		{"tất cả", []int{0, 1, 2, 3, 4}, true, nil},
		{"tat ca a", []int{0, 1, 2, 3, 4}, true, nil},
		{"cả 5", []int{0, 1, 2, 3, 4}, true, nil},
		{"all", []int{0, 1, 2, 3, 4}, true, nil},
		{"không có cái nào", nil, true, nil},
		{"khong co", nil, true, nil},
		{"none", nil, true, nil},
		{"1, 9", nil, false, nil},
		{"gỗ và sơm", nil, false, []int{1}},
		{"cả 2", nil, false, nil},
		{"", nil, false, nil},
		{"abc", nil, false, nil},
	} {
		got, ok, near := m.PickMany(c.typed)
		if ok != c.ok || !slices.Equal(got, c.want) || !slices.Equal(near, c.close) {
			t.Errorf("%q: got %v %v %v, want %v %v %v", c.typed, got, ok, near, c.want, c.ok, c.close)
		}
	}
}

func TestSearch(t *testing.T) {
	m := single("Phường Thủ Dầu Một", "Phường An Phú", "Xã Phú Giáo", "Phường Bình Hoà", "Phường Hòa Lợi", "Xã Phước Hòa", "Phú An", "Khác")
	for _, c := range []struct {
		typed string
		want  []int
	}{
		{"", []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"  ", []int{0, 1, 2, 3, 4, 5, 6, 7}},
		{"Phú An", []int{6, 1}},
		{"phu an", []int{6, 1}},
		{"phường Phú An", []int{6, 1}},
		{"hòa", []int{3, 4, 5}},
		{"hoà", []int{3, 4, 5}},
		{"phú", []int{6, 1, 2, 0, 3, 4, 5}},
		{"phu", []int{6, 1, 2, 0, 3, 4, 5}},
		{"thu dau", []int{0}},
		{"tdm", nil},
		{"thu duc", nil},
		{"huyện Phú Giáo", []int{2}},
		{"p. thủ dầu một", []int{0}},
		{"khacs", []int{7}},
		{"ình", []int{3}},
	} {
		if got := m.Search(c.typed); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %v, want %v", c.typed, got, c.want)
		}
	}
}

// TestSpellingsPickTheSame checks that every spelling of a label with its marks
// is an exact hit, and one without marks finds it too.
func TestSpellingsPickTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		labels := rapid.SliceOfNDistinct(rapid.Custom(phrase), 1, 6, Fold).Draw(t, "labels")
		at := rapid.IntRange(0, len(labels)-1).Draw(t, "at")
		m := single(labels...)
		typed := spelled(t, labels[at])
		if got := m.Pick(typed); got.Index != at || got.How != HowExact {
			t.Fatalf("%q of %q: %+v", typed, labels, got)
		}
		if got := m.Pick(Fold(labels[at])); got.Index != at || got.How > HowFolded {
			t.Fatalf("%q of %q: %+v", Fold(labels[at]), labels, got)
		}
		if got := m.Pick(strconv.Itoa(at + 1)); got.Index != at || got.How != HowNumber {
			t.Fatalf("number %d of %q: %+v", at+1, labels, got)
		}
		if got := m.Search(typed); len(got) == 0 || got[0] != at {
			t.Fatalf("search %q in %q: %v", typed, labels, got)
		}
	})
}

func FuzzPick(f *testing.F) {
	for _, s := range []string{"dạ đăng ký ạ", "1, 3 và 4", "thứ hai", "(2)", "không có cái nào", "1-3", "số 99", "\xff", "cả 2", "phường x", "anh", "2️⃣"} {
		f.Add(s)
	}
	menus := []*Menu{classMenu(), commands(), scaleMenu(), single("< 10", "> 10"), NewMenu(nil)}
	f.Fuzz(func(t *testing.T, s string) {
		for _, m := range menus {
			p := m.Pick(s)
			if p.Index < -1 || p.Index >= m.choices || (p.Index >= 0) != (p.How != HowNone) || p.Index >= 0 && p.Close != nil || len(p.Close) > 3 {
				t.Errorf("%q picks %+v", s, p)
			}
			indexes, ok, near := m.PickMany(s)
			if !slices.IsSorted(indexes) || len(near) > 3 || ok && near != nil || !ok && indexes != nil {
				t.Errorf("%q picks many %v %v %v", s, indexes, ok, near)
			}
			for _, list := range [][]int{p.Close, indexes, near, m.Search(s)} {
				for i, at := range list {
					if at < 0 || at >= m.choices || slices.Contains(list[:i], at) {
						t.Errorf("%q gives %v", s, list)
					}
				}
			}
		}
	})
}

func BenchmarkPick(b *testing.B) {
	m := classMenu()
	for name, s := range map[string]string{"exact": "Xem nội dung lớp", "folded": "xem noi dung lop", "polite": "dạ cho em đăng ký với ạ", "number": "2", "none": "Công ty Gỗ Minh Phát"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Pick(s)
			}
		})
	}
}
