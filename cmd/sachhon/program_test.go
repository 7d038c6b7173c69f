package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary stand in for the program itself, so that tests
// start, kill and talk to real processes without building anything.
func TestMain(m *testing.M) {
	if os.Getenv("SACHHON_TEST_AS_PROGRAM") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// command is a run of the program.
func command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "SACHHON_TEST_AS_PROGRAM=1", "SACHHON_METRICS_LISTEN=", "TMPDIR="+t.TempDir())
	return cmd
}

// output runs the program to its end and returns what it printed.
func output(t testing.TB, in string, args ...string) (out, errs string, code int) {
	t.Helper()
	cmd := command(t, args...)
	var o, e bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &o, &e
	err := cmd.Run()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// must runs the program and wants it to succeed.
func must(t testing.TB, in string, args ...string) string {
	t.Helper()
	out, errs, code := output(t, in, args...)
	if code != 0 {
		t.Fatalf("sachhon %s: exit %d: %s", strings.Join(args, " "), code, errs)
	}
	return out
}

// served is a running server.
type served struct {
	t    testing.TB
	data string
	addr string
	cmd  *exec.Cmd
	log  *bytes.Buffer
}

// serve starts a server on a free port and waits until it is ready.
func serve(t testing.TB, data string, env ...string) *served {
	t.Helper()
	s := &served{t: t, data: data, addr: freePort(t), log: &bytes.Buffer{}}
	s.start(env...)
	t.Cleanup(func() { s.kill() })
	return s
}

func (s *served) start(env ...string) {
	s.t.Helper()
	s.cmd = command(s.t, "serve")
	s.cmd.Env = append(s.cmd.Env, append([]string{"SACHHON_DATA=" + s.data, "SACHHON_LISTEN=" + s.addr}, env...)...)
	s.cmd.Stderr = s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for !s.answers("/readyz") {
		if time.Now().After(deadline) {
			s.t.Fatalf("the server is not ready:\n%s", s.log)
		}
		time.Sleep(2 * time.Millisecond) // polling another process, which no fake clock can reach
	}
}

func (s *served) answers(path string) bool { return found("http://" + s.addr + path) }

func (s *served) kill() {
	if s.cmd.ProcessState == nil {
		s.cmd.Process.Kill() //nolint:errcheck // it may have ended
		s.cmd.Wait()         //nolint:errcheck // killed
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// browser is a visitor of the web chat without JavaScript.
type browser struct {
	base   string
	client *http.Client
	page   string
	n      int
}

func newBrowser(addr string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err)
	}
	return &browser{base: "http://" + addr, client: &http.Client{Jar: jar, Timeout: 10 * time.Second}}
}

var field = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)

// open loads the page.
func (b *browser) open(path string) error {
	resp, err := b.client.Get(b.base + path)
	if err != nil {
		return err
	}
	return b.read(resp)
}

func (b *browser) read(resp *http.Response) error {
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != 200 {
		return fmt.Errorf("the page answered %s", resp.Status)
	}
	b.page = string(raw)
	return nil
}

// post sends the page's form once; the same id may be sent again.
func (b *browser) post(id, name, value string) error {
	form := url.Values{}
	at := strings.Index(b.page, `id="composer"`)
	if at < 0 {
		return fmt.Errorf("the page has no composer")
	}
	for _, m := range field.FindAllStringSubmatch(b.page[at:], -1) {
		form.Set(m[1], m[2])
	}
	form.Set("id", id)
	form.Set(name, value)
	resp, err := b.client.PostForm(b.base+"/", form)
	if err != nil {
		return err
	}
	return b.read(resp)
}

// say sends words.
func (b *browser) say(text string) error {
	b.n++
	return b.post(fmt.Sprintf("%016x%08x", time.Now().UnixNano(), b.n), "text", text)
}

func TestCommandsWorkBesideAServerAndWithoutOne(t *testing.T) {
	data := t.TempDir()
	first := strings.TrimSpace(must(t, "", "class", "add", "--data", data, "--title", "Lớp một", "--starts", inDays(10)+"T08:00", "--ends", inDays(10)+"T16:30", "--venue", "Hội trường", "--seats", "5"))
	serve(t, data)
	second := strings.TrimSpace(must(t, "", "class", "add", "--data", data, "--title", "Lớp hai", "--starts", inDays(12)+"T08:00", "--ends", inDays(12)+"T16:30", "--venue", "Hội trường", "--seats", "5"))
	list := must(t, "", "class", "list", "--data", data)
	if !strings.Contains(list, first) || !strings.Contains(list, second) || first == second {
		t.Errorf("classes %q and %q are listed as:\n%s", first, second, list)
	}
	if out := must(t, "", "check", "--store", "--data", data); !strings.Contains(out, "in order") {
		t.Errorf("the check says: %s", out)
	}
}

func inDays(n int) string { return time.Now().AddDate(0, 0, n).Format("2006-01-02") }

func TestSecondServerGetsAPlainSentence(t *testing.T) {
	data := t.TempDir()
	serve(t, data)
	cmd := command(t, "serve")
	cmd.Env = append(cmd.Env, "SACHHON_DATA="+data, "SACHHON_LISTEN="+freePort(t))
	raw, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(raw), "another sachhon is using this data folder") || strings.Contains(string(raw), "goroutine") {
		t.Errorf("%v: %s", err, raw)
	}
}

func TestServeEndsOnSIGTERM(t *testing.T) {
	s := serve(t, t.TempDir())
	b := newBrowser(s.addr)
	if err := b.open("/"); err != nil {
		t.Fatal(err)
	}
	from := time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v:\n%s", err, s.log)
	}
	if took := time.Since(from); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestDemoPrintsItsAddressFirst(t *testing.T) {
	cmd := command(t, "demo", "--listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill() //nolint:errcheck // it may have ended
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "http://"), "/"))
	if err := b.open("/"); err != nil || !strings.Contains(b.page, `role="log"`) {
		t.Errorf("%q: %v", line, err)
	}
	if err := b.say("đăng ký lớp"); err != nil || !strings.Contains(b.page, "ngành gỗ") {
		t.Errorf("no sample class is offered: %v", err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// TestRegistrationOverTheWebPage is a newcomer without JavaScript, from the
// page to the seat.
func TestRegistrationOverTheWebPage(t *testing.T) {
	data := t.TempDir()
	s := serve(t, data)
	class := strings.TrimSpace(must(t, "", "class", "add", "--data", data, "--title", "SXSH ngành gỗ", "--starts", inDays(16)+"T08:00", "--ends", inDays(16)+"T16:30", "--venue", "Hội trường B", "--seats", "1"))
	for i, want := range []string{"đã đăng ký", "danh sách chờ"} {
		b := newBrowser(s.addr)
		if err := b.open("/?start=class_" + class); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"Đăng ký", "Đồng ý, tiếp tục", "Cán bộ kỹ thuật", "Nguyễn Thị Hòa", "Công ty Gỗ Minh Phát", "3700145020", "Tổ trưởng", fmt.Sprintf("09123456%02d", i), "Xác nhận"} {
			if err := b.say(text); err != nil {
				t.Fatal(err)
			}
		}
		if !strings.Contains(b.page, want) {
			t.Errorf("person %d does not see %q", i, want)
		}
	}
	rows := must(t, "", "export", "registrations", "--class", class, "--format", "json", "--data", data)
	if strings.Count(rows, `"status":"seat"`)+strings.Count(rows, `"status": "seat"`) != 1 || !strings.Contains(rows, "+84912345600") || !strings.Contains(rows, "3700145020") {
		t.Errorf("the export is:\n%s", rows)
	}
}

// TestKilledWhilePeopleTalk kills the server at fifty moments while twenty
// people talk: whatever was answered is there once, in order, and what was not
// answered is sent again under the same id and acts once.
func TestKilledWhilePeopleTalk(t *testing.T) {
	if testing.Short() {
		t.Skip("fifty restarts")
	}
	const people, kills = 20, 50
	data := t.TempDir()
	s := serve(t, data)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	said := make([]int, people)
	browsers := make([]*browser, people)
	var wg sync.WaitGroup
	for p := range people {
		b := newBrowser(s.addr)
		browsers[p] = b
		if err := b.open("/"); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				text := fmt.Sprintf("câu %d của người %d", n, p)
				for b.post(fmt.Sprintf("%016x%016x", p, n), "text", text) != nil {
					if ctx.Err() != nil {
						return
					}
					time.Sleep(20 * time.Millisecond) // the visitor tries again while the server is away
				}
				said[p] = n + 1
				time.Sleep(150 * time.Millisecond) // a person types; faster would meet the visitor's limit
			}
		})
	}
	for k := range kills {
		time.Sleep(time.Duration(10+(k*37)%90) * time.Millisecond) // any moment
		s.kill()
		s.start()
	}
	stop()
	wg.Wait()
	for p, b := range browsers {
		if err := b.open("/?last=2000"); err != nil {
			t.Fatal(err)
		}
		whole := b.page
		for n := range said[p] {
			text := fmt.Sprintf("câu %d của người %d<", n, p)
			if got := strings.Count(whole, ">"+text); got != 1 {
				t.Errorf("%q was answered and is there %d times", text, got)
			}
		}
		if said[p] == 0 {
			t.Errorf("person %d was never answered", p)
		}
	}
	s.kill()
	if out := must(t, "", "check", "--store", "--data", data); !strings.Contains(out, "in order") {
		t.Errorf("the store: %s", out)
	}
}

// TestRushOverHTTP has five hundred visitors register at once for forty seats
// through the running program.
func TestRushOverHTTP(t *testing.T) {
	if testing.Short() {
		t.Skip("five thousand requests")
	}
	const people, seats = 500, 40
	data := t.TempDir()
	s := serve(t, data)
	class := strings.TrimSpace(must(t, "", "class", "add", "--data", data, "--title", "SXSH", "--starts", inDays(16)+"T08:00", "--ends", inDays(16)+"T16:30", "--venue", "Hội trường B", "--seats", fmt.Sprint(seats)))
	var wg sync.WaitGroup
	for n := range people {
		wg.Go(func() {
			b := newBrowser(s.addr)
			b.client.Timeout = time.Minute
			if err := b.open("/?start=class_" + class); err != nil {
				t.Error(err)
				return
			}
			name := "Nguyễn Văn " + strings.Map(func(r rune) rune { return 'a' + r - '0' }, fmt.Sprintf("%03d", n))
			for _, text := range []string{"Đăng ký", "Đồng ý, tiếp tục", "Khác", name, fmt.Sprintf("Công ty %d", n), "Không nhớ", "Tổ trưởng", fmt.Sprintf("09%08d", n), "Xác nhận"} {
				if err := b.say(text); err != nil {
					t.Errorf("person %d, %q: %v", n, text, err)
					return
				}
				if text == name && strings.Contains(b.page, "Đúng như vậy") { // made-up names look odd
					if err := b.say("Đúng như vậy"); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	out := must(t, "", "export", "registrations", "--class", class, "--format", "csv", "--data", data)
	rows := strings.Split(strings.TrimSpace(out), "\n")[1:]
	waiting := 0
	for i, row := range rows {
		f := strings.Split(row, ",")
		number := fmt.Sprintf("%s-%03d", strings.ToUpper(class), i+1)
		switch {
		case f[0] != number:
			t.Fatalf("row %d is %s", i+1, f[0])
		case i < seats && f[4] != "seat":
			t.Errorf("%s is %s", f[0], f[4])
		case i >= seats:
			if waiting++; f[4] != "waiting" || f[5] != fmt.Sprint(waiting) {
				t.Errorf("%s is %s at position %s, want %d", f[0], f[4], f[5], waiting)
			}
		}
	}
	if len(rows) != people {
		t.Errorf("%d registrations of %d people", len(rows), people)
	}
}

// TestOfferWaitsForWhoIsAway has a seat freed while the first in line talks
// nowhere: the offer is told with their next line, in another process.
func TestOfferWaitsForWhoIsAway(t *testing.T) {
	data := t.TempDir()
	class := strings.TrimSpace(must(t, "", "class", "add", "--data", data, "--title", "SXSH", "--starts", inDays(16)+"T08:00", "--ends", inDays(16)+"T16:30", "--venue", "B", "--seats", "1"))
	talk := func(person string, lines ...string) string {
		return must(t, strings.Join(lines, "\n"), "chat", "--json", "--as", "terminal:"+person, "--data", data)
	}
	register := func(person, name, phone string) string {
		return talk(person, `{"text":"/start class_`+class+`"}`, `{"press":"Đăng ký"}`, `{"press":"Đồng ý, tiếp tục"}`, `{"press":"Khác"}`, `{"text":"`+name+`"}`,
			`{"text":"Công ty `+name+`"}`, `{"press":"Không nhớ"}`, `{"text":"Tổ trưởng"}`, `{"phone":"`+phone+`"}`, `{"press":"Xác nhận"}`)
	}
	if out := register("an", "Nguyễn Văn An", "0912345671"); !strings.Contains(out, "đã đăng ký") {
		t.Fatalf("the first was told %s", out)
	}
	if out := register("binh", "Trần Thị Bình", "0912345672"); !strings.Contains(out, "danh sách chờ, vị trí thứ 1") {
		t.Fatalf("the second was told %s", out)
	}
	talk("an", `{"text":"/cuatoi"}`, `{"press":"Hủy đăng ký"}`, `{"press":"Hủy đăng ký"}`)
	out := talk("binh", `{"text":"/trogiup"}`, `{"press":"Nhận chỗ"}`)
	first, second, _ := strings.Cut(out, "\n")
	if !strings.Contains(first, "có chỗ") || !strings.Contains(second, "đã đăng ký") {
		t.Errorf("coming back, the second was told\n%s", out)
	}
	if out := talk("binh", `{"text":"/trogiup"}`); strings.Contains(out, "vừa có chỗ") {
		t.Errorf("the offer is told twice: %s", out)
	}
}

// TestTwoTalkWithoutAServer has two conversations open at once and no server:
// the second goes through the first, and goes on alone when the first ends.
func TestTwoTalkWithoutAServer(t *testing.T) {
	data := t.TempDir()
	first, second := openTalk(t, data, "an"), openTalk(t, data, "binh")
	if out := first.say(`{"text":"chào"}`); !strings.Contains(out, "Menu") && !strings.Contains(out, "Đăng ký lớp") {
		t.Errorf("the first was told %s", out)
	}
	if out := second.say(`{"text":"/hoi"}`); !strings.Contains(out, "hỏi cán bộ") {
		t.Errorf("the second was told %s", out)
	}
	first.end()
	if out := second.say(`{"text":"Lớp nào sắp mở vậy?"}`); !strings.Contains(out, "đã nhận câu hỏi") {
		t.Errorf("alone, the second was told %s", out)
	}
	second.end()
	if out := must(t, "", "inbox", "--data", data); strings.Count(out, "Lớp nào sắp mở vậy?") != 1 {
		t.Errorf("the inbox holds:\n%s", out)
	}
}

// openTalk starts `chat --json` and waits until it has the store or a way to it.
func openTalk(t *testing.T, data, person string) *talking {
	t.Helper()
	cmd := command(t, "chat", "--json", "--as", "terminal:"+person, "--data", data)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &talking{t: t, cmd: cmd, in: in, out: bufio.NewReader(out), errs: &errs}
}

type talking struct {
	t    *testing.T
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	errs *bytes.Buffer
}

func (c *talking) say(line string) string {
	c.t.Helper()
	if _, err := io.WriteString(c.in, line+"\n"); err != nil {
		c.t.Fatal(err)
	}
	out, err := c.out.ReadString('\n')
	if err != nil {
		c.t.Fatalf("%v: %s", err, c.errs)
	}
	return out
}

func (c *talking) end() {
	c.t.Helper()
	c.in.Close()
	if err := c.cmd.Wait(); err != nil {
		c.t.Errorf("it ended with %v: %s", err, c.errs)
	}
}
