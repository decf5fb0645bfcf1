package gate

import "sync"

// News are notices on their way to people. They are told in the order in which they were
// posted, one at a time and by one of those who posted them. No lock is held meanwhile:
// whoever is told may take long, or ask something of the gate, and nobody else waits for
// that. A nil News tells nothing.
type News struct {
	notice func(Notice)

	mutex   sync.Mutex
	posted  []Notice
	telling bool // somebody is at it
}

// newNews is news for whom a function tells; nil where that is nil.
func newNews(notice func(Notice)) *News {
	if notice == nil {
		return nil
	}
	return &News{notice: notice}
}

// Post lets a notice be told next, after those that were posted before. It returns at once,
// so locks may be held: what they guard is in the order of the notices then. [News.Tell]
// must follow without them.
func (n *News) Post(news Notice) {
	if n == nil {
		return
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.posted = append(n.posted, news)
}

// Tell tells what was posted, unless somebody is at it: then that one does.
func (n *News) Tell() {
	for news, is := n.next(false); is; news, is = n.next(true) {
		n.notice(news)
	}
}

// next takes the oldest notice. mine says that the caller is the one who tells them.
func (n *News) next(mine bool) (news Notice, is bool) {
	if n == nil {
		return news, false
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if n.telling && !mine {
		return news, false
	}
	if n.telling = len(n.posted) > 0; !n.telling {
		return news, false
	}
	news, n.posted = n.posted[0], n.posted[1:]
	return news, true
}
