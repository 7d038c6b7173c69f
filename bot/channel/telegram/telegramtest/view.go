package telegramtest

import (
	"cmp"
	"fmt"
	"html/template"
	"strings"
	"time"
)

// hanoi is the clock of the page; Vietnam has kept this one since 1975.
var hanoi = time.FixedZone("ICT", 7*60*60)

// words are the texts of the page in one language.
type words struct {
	Guest, StandIn, Playing, Log, Field, Send, Start, Payload, Unblock, Block, Typing, Uploading, Edited string
	Attach, Menu, More, Contact, Empty, About, Copied, Lost, Failed, Today, Mine, Close, TooBig          string
	OtherLang, OtherName, Opens, Copies                                                                  string
}

var pageWords = map[string]words{
	"vi": {
		Guest: "Khách", StandIn: "Bản mô phỏng Telegram, không cần tài khoản", Playing: "Đang đóng vai", Log: "Cuộc trò chuyện",
		Field: "Tin nhắn", Send: "Gửi", Start: "Bắt đầu", Unblock: "Bỏ chặn", Block: "Chặn bot", Typing: "đang nhập…", Uploading: "đang gửi tệp…",
		Edited: "đã sửa", Attach: "Đính kèm tệp", Menu: "Menu", More: "Thêm", Contact: "Gửi số của tôi", Empty: "Bấm “Bắt đầu” để trò chuyện.",
		About: "Bot này làm được gì?", Copied: "Đã chép", Lost: "Mất kết nối, đang thử lại…", Failed: "Chưa gửi được, anh/chị thử lại giúp.",
		Mine: "Anh/chị", Close: "Đóng", TooBig: "Tệp quá lớn: tối đa 20 MB.", OtherLang: "en", OtherName: "English", Opens: "mở trang khác", Copies: "chép",
	},
	"en": {
		Guest: "Guest", StandIn: "A stand-in for Telegram, no account needed", Playing: "Playing", Log: "Conversation",
		Field: "Message", Send: "Send", Start: "Start", Unblock: "Unblock", Block: "Block bot", Typing: "typing…", Uploading: "sending a file…",
		Edited: "edited", Attach: "Attach a file", Menu: "Menu", More: "More", Contact: "Share my number", Empty: "Press “Start” to begin.",
		About: "What can this bot do?", Copied: "Copied", Lost: "Connection lost, trying again…", Failed: "That wasn’t sent, please try again.",
		Mine: "You", Close: "Close", TooBig: "That file is too large: at most 20 MB.", OtherLang: "vi", OtherName: "Tiếng Việt", Opens: "opens another page", Copies: "copies",
	},
}

// pageView is all that the page shows.
type pageView struct {
	W                  words
	As, Lang, Payload  string
	Bot, About         string
	Initial            string
	Talk               []entry
	Keys               [][]ReplyButton
	Placeholder, Doing string
	Started, Blocked   bool
	Commands           []Command
	toasts             []Toast
	ends               time.Duration // until the bot stops doing; 0: it does nothing
}

// entry is one message on the page.
type entry struct {
	Shown
	HTML    template.HTML
	Clock   string
	Size    string // of a document
	Version string // changes with what is shown
}

// view is what a player sees.
func (s *Server) view(who player) pageView {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, w, now := who.room, pageWords[who.Lang], s.opts.Now()
	v := pageView{W: w, As: who.As, Lang: who.Lang, Payload: who.Payload, Bot: s.inLang(s.profile.names, who.Lang, s.bot.FirstName), About: s.inLang(s.profile.about, who.Lang, ""),
		Started: c.started, Blocked: c.blocked, Commands: s.menuFor(who.Person, who.Lang), toasts: who.toasts}
	v.Initial = string([]rune(v.Bot + "•")[:1])
	for _, shown := range c.talk() {
		v.Talk = append(v.Talk, newEntry(shown))
	}
	if c.keyboard != nil {
		v.Keys, v.Placeholder = c.keyboard.rows, c.keyboard.placeholder
	}
	if doing := c.doing(now); doing != "" {
		v.Doing = w.Typing
		if strings.HasPrefix(doing, "upload") {
			v.Doing = w.Uploading
		}
		v.ends = c.actions[len(c.actions)-1].ended.Sub(now)
	}
	return v
}

func newEntry(shown Shown) entry {
	e := entry{Shown: shown, HTML: formattedHTML(shown.Text, shown.Entities), Clock: shown.At.In(hanoi).Format("15:04")}
	if m := shown.Media; m != nil {
		e.Size = size(len(m.Bytes))
	}
	e.Version = fmt.Sprint(shown.ID, shown.Edited, len(shown.Text), shown.Labels(), e.HTML)
	return e
}

// size is a number of bytes for people.
func size(bytes int) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d kB", (bytes+1023)/1024)
	}
	return strings.Replace(fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20)), ".", ",", 1)
}

// inLang is a text of the profile in a language, or the one for all.
func (s *Server) inLang(from map[string]string, lang, usual string) string {
	return cmp.Or(from[lang], from[""], usual)
}

// menuFor is the list of commands that a person's app shows: the narrowest that
// was set.
func (s *Server) menuFor(p *Person, lang string) []Command {
	for _, scope := range []string{"chat/" + decimal(p.user.ID) + "/", "all_private_chats", "default"} {
		for _, l := range []string{lang, ""} {
			if list := s.profile.commands[scope+" "+l]; len(list) > 0 {
				return list
			}
		}
	}
	return nil
}
