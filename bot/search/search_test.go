package search

import (
	"runtime"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"sachhon/content"
)

func loaded(t testing.TB) *content.Set {
	t.Helper()
	set, problems := content.Load(content.Embedded())
	if set == nil {
		t.Fatal(problems)
	}
	return set
}

func embedded(t testing.TB) *Index { return New(loaded(t)) }

// TestNothingIsFoundForNothing: words about nothing we know find nothing, rather
// than three answers to something else.
func TestNothingIsFoundForNothing(t *testing.T) {
	x := embedded(t)
	for _, words := range []string{"", "?", "anh chị ơi", "asdf qwer zxcv", "hôm nay trời mưa quá buồn", "bóng đá tối nay mấy giờ", "1234567"} {
		hits, err := x.Find(words, 3)
		if err != nil || len(hits) > 0 {
			t.Errorf("%q found %v, %v", words, hits, err)
		}
	}
}

// TestMarksAndCaseDoNotMatter: the same question finds the same answers with
// and without marks.
func TestMarksAndCaseDoNotMatter(t *testing.T) {
	x := embedded(t)
	for _, pair := range [][2]string{
		{"Rò khí nén", "ro khi nen"}, {"Giấy chứng nhận", "GIAY CHUNG NHAN"}, {"hoá chất kỵ nhau", "hóa chất kỵ nhau"}, {"Đăng ký lớp", "dang ky lop"},
	} {
		a, errA := x.Find(pair[0], 3)
		b, errB := x.Find(pair[1], 3)
		if errA != nil || errB != nil || len(a) == 0 || len(a) != len(b) || a[0].ID != b[0].ID {
			t.Errorf("%q found %v, %q found %v (%v, %v)", pair[0], a, pair[1], b, errA, errB)
		}
	}
}

// TestEveryArticleIsFoundByItsTitle in both languages.
func TestEveryArticleIsFoundByItsTitle(t *testing.T) {
	x := embedded(t)
	if err := x.Make(); err != nil {
		t.Fatal(err)
	}
	for id, title := range x.title {
		for _, words := range []string{title.VI, title.EN} {
			hits, err := x.Find(words, 3)
			found := false
			for _, h := range hits {
				found = found || h.ID == id
			}
			if err != nil || !found {
				t.Errorf("%s is not found by %q: %v, %v", id, words, hits, err)
			}
		}
	}
}

// TestAnyWords searches for anything at all, from many goroutines, while the
// index is being made.
func TestAnyWords(t *testing.T) {
	x := embedded(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := x.Find("khí nén", 3); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.String().Draw(t, "words")
		hits, err := x.Find(words, 3)
		if err != nil || len(hits) > 3 {
			t.Fatalf("%q: %v, %v", words, hits, err)
		}
	})
}

// TestNoSet: an index over nothing finds nothing.
func TestNoSet(t *testing.T) {
	var x *Index
	if hits, err := x.Find("khí nén", 3); err != nil || hits != nil {
		t.Error(hits, err)
	}
}

// BenchmarkMake makes the index of the embedded content; its first round reads
// the articles too.
func BenchmarkMake(b *testing.B) {
	var before, after runtime.MemStats
	var kept []*Index
	runtime.GC()
	runtime.ReadMemStats(&before)
	set := loaded(b)
	for b.Loop() {
		x := New(set)
		if err := x.Make(); err != nil {
			b.Fatal(err)
		}
		kept = append(kept, x)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6/float64(len(kept)), "MB-kept")
	runtime.KeepAlive(kept)
}

// BenchmarkFind asks one question of five words.
func BenchmarkFind(b *testing.B) {
	x := embedded(b)
	if err := x.Make(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := x.Find("may nen khi chay suot ngay", 3); err != nil {
			b.Fatal(err)
		}
	}
}
