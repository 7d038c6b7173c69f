package search

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
)

type probe struct {
	question string
	right    []string
}

// probes reads the questions of testdata.
func probes(t testing.TB) []probe {
	t.Helper()
	f, err := os.Open("testdata/probes.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []probe
	for s := bufio.NewScanner(f); s.Scan(); {
		question, right, ok := strings.Cut(s.Text(), " => ")
		if ok && !strings.HasPrefix(question, "#") {
			list = append(list, probe{question, strings.Split(right, "|")})
		}
	}
	return list
}

// enough is how many of the probes must find their entry among the first three.
const enough = 57

// TestProbes asks what people ask.
func TestProbes(t *testing.T) {
	x := embedded(t)
	all := probes(t)
	if len(all) < 60 {
		t.Fatalf("%d probes; there should be 60", len(all))
	}
	found, first := 0, 0
	for _, p := range all {
		hits, err := x.Find(p.question, 3)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(hits, func(h Hit) bool { return slices.Contains(p.right, h.ID) })
		if at < 0 {
			t.Logf("%q found %v, not %v", p.question, hits, p.right)
			continue
		}
		found++
		if at == 0 {
			first++
		}
	}
	t.Logf("%d of %d among the first three, %d of them first", found, len(all), first)
	if found < enough {
		t.Errorf("%d of %d probes found, at least %d must be", found, len(all), enough)
	}
}
