(ns eckermann.report.html
  "The page of a run, whole in one file: the verdict, the figures, the charts, every fault with its evidence, every check."
  (:require [clojure.java.io :as io]
            [clojure.pprint :as pprint]
            [clojure.string :as str]
            [eckermann.check.samples :as samples]
            [eckermann.report.svg :as svg]
            [eckermann.report.text :as text]))

(def ^:private style "
:root{--bg:#f7f7f5;--card:#fff;--ink:#1d2129;--soft:#667085;--line:#e3e4e8;--ok:#16805a;--bad:#c4321f;--unk:#a86a00;--blue:#2f6fed;--hurt:rgba(196,50,31,.13);--heal:rgba(232,150,40,.11)}
@media(prefers-color-scheme:dark){:root{--bg:#14161a;--card:#1c1f25;--ink:#e7e9ee;--soft:#98a1b2;--line:#2d323b;--ok:#45c08d;--bad:#ff6b57;--unk:#e6b04c;--blue:#7aa5ff;--hurt:rgba(255,107,87,.17);--heal:rgba(230,176,76,.12)}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
main{max-width:1200px;margin:0 auto;padding:24px 20px 60px}h1{font-size:24px;margin:0}h2{font-size:17px;margin:34px 0 10px}
header{display:flex;flex-wrap:wrap;gap:14px;align-items:center}.badge{font-weight:700;letter-spacing:.05em;padding:5px 14px;border-radius:7px;color:#fff}
.badge.true{background:var(--ok)}.badge.false{background:var(--bad)}.badge.unknown{background:var(--unk)}
@media(prefers-color-scheme:dark){.badge{color:#14161a}}
.meta{color:var(--soft);margin:6px 0 18px}.meta b{color:var(--ink);font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:10px}.tile{background:var(--card);border:1px solid var(--line);border-radius:9px;padding:10px 13px}
.tile .v{font-size:23px;font-weight:650;font-variant-numeric:tabular-nums;line-height:1.25}.tile .k{color:var(--soft);font-size:13px}.tile.zero .v{color:var(--ok)}.tile.red .v{color:var(--bad)}
figure{margin:0 0 6px;background:var(--card);border:1px solid var(--line);border-radius:9px;padding:10px 12px 4px}figcaption{color:var(--soft);font-size:13px;margin-bottom:4px}
svg.chart{display:block;width:100%;height:auto;overflow:visible}.t{font-size:11px;fill:var(--soft)}.label{font-size:11px;fill:var(--ink)}.grid{stroke:var(--line);stroke-width:1}
.hurt{fill:var(--hurt)}.heal{fill:var(--heal)}.band:hover .hurt,.band.on .hurt{fill:rgba(196,50,31,.3)}
.leads{fill:var(--blue)}.follows{fill:var(--ok);opacity:.55}.down{fill:var(--bad)}.silent{fill:var(--unk)}
.ok-area{fill:var(--ok);opacity:.14}.ok-line{fill:none;stroke:var(--ok);stroke-width:1.6}.fail-line{fill:none;stroke:var(--unk);stroke-width:1.4}.info-line{fill:none;stroke:var(--bad);stroke-width:1.4}
.d-ok{fill:var(--ok);opacity:.42}.d-fail{fill:var(--unk);opacity:.75}.d-info{fill:var(--bad);opacity:.85}.p50{fill:none;stroke:var(--blue);stroke-width:1.5}.p99{fill:none;stroke:var(--ink);stroke-width:1.2;stroke-dasharray:4 3}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line);border-radius:9px;overflow:hidden}.scroll{overflow-x:auto}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--soft);font-size:12.5px;font-weight:600}tr:last-child td{border-bottom:0}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr[data-fault]:hover{background:var(--hurt)}.mark{font-weight:700;white-space:nowrap}.mark.true{color:var(--ok)}.mark.false{color:var(--bad)}.mark.unknown{color:var(--unk)}
code,pre{font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,monospace}pre{background:var(--card);border:1px solid var(--line);border-radius:9px;padding:12px;overflow:auto;margin:0}.facts{color:var(--soft);font-size:13px;overflow-wrap:anywhere}
details summary{cursor:pointer;color:var(--soft)}.sw-b{color:var(--blue)}.sw-g{color:var(--ok)}.sw-y{color:var(--unk)}.sw-r{color:var(--bad)}.alert{background:var(--card);border:1px solid var(--bad);border-radius:9px;padding:10px 14px 10px 30px;margin:14px 0 0}.alert li{margin:3px 0}.convicted{scroll-margin-top:120px}.convicted line{stroke:var(--bad);stroke-width:1.5}.convicted path{fill:var(--bad)}.convicted:target line{stroke-width:5;opacity:.6}#charts svg:has(.convicted:target){outline:2px solid var(--bad);outline-offset:4px}
.ceiling{stroke:var(--bad);stroke-width:1.2;stroke-dasharray:5 4}.used{fill:none;stroke-width:1.3}.u0{stroke:var(--blue)}.u1{stroke:var(--ok)}.u2{stroke:var(--unk)}.u3{stroke:var(--ink)}.u4{stroke:var(--soft)}.u5{stroke:var(--bad)}.u6{stroke:var(--blue);stroke-dasharray:3 2}
.case{background:var(--card);border:1px solid var(--bad);border-radius:9px;padding:10px 14px;margin:10px 0}.case h3{margin:0 0 4px;font-size:15px}.case p{margin:2px 0 8px;overflow-wrap:anywhere}.case table{border-radius:6px;font-size:13px}.case td{overflow-wrap:anywhere}tr.bad td{background:var(--hurt);font-weight:600}.case pre{border:0;padding:6px 0 0;white-space:pre-wrap;overflow-wrap:anywhere}a{color:var(--blue)}
#cross{position:fixed;top:0;bottom:0;width:1px;background:var(--soft);opacity:.6;pointer-events:none;display:none}
#when{position:fixed;top:6px;background:var(--ink);color:var(--bg);font-size:12px;padding:2px 7px;border-radius:5px;pointer-events:none;display:none}
")

(def ^:private script "
const cross=document.getElementById('cross'),when=document.getElementById('when');
const plot=document.getElementById('charts'),end=+plot.dataset.end;
const hide=()=>{cross.style.display=when.style.display='none'};
plot.addEventListener('mousemove',e=>{const s=plot.querySelector('svg').getBoundingClientRect(),k=s.width/1120,
x=(e.clientX-s.left)/k,t=(x-64)/(1120-64-16)*end/1e9;if(t<0||t>end/1e9)return hide();cross.style.display=when.style.display='block';
cross.style.left=e.clientX+'px';when.style.left=(e.clientX+8)+'px';when.textContent=t.toFixed(1)+' s'});
plot.addEventListener('mouseleave',hide);
document.querySelectorAll('tr[data-fault]').forEach(r=>{const on=v=>document.querySelectorAll('.band[data-fault=\"'+r.dataset.fault+'\"]').forEach(b=>b.classList.toggle('on',v));
r.addEventListener('mouseenter',()=>on(true));r.addEventListener('mouseleave',()=>on(false))});
")

(def ^:private sentences
  {:history "The history is well formed: every call has one end, times rise."
   :linearizable "The head of each register topic behaves like one register, however calls overlapped (search after Wing, Gong and Lowe)."
   :witness "The same of registers and logs by the versions that the answers name."
   :log "No acknowledged event is lost, doubled, moved, out of order or skipped by a reader; nothing refused is visible."
   :queue "Every event of the group is settled once; nothing acknowledged is leased again."
   :cursor "The cursor never goes back, and of two commits that expect the same one is refused."
   :time-index "Every seek by time found the event that it should have found; recorded times rise."
   :idempotency "Appends sent again under one key are there once, at one position."
   :steps "Appends to several topics are done wholly or not at all, in one order; a loop does every turn once, with its cursor."
   :states "All that the nodes hold, rows of every kind, comes to the same digest once they are stopped."
   :replicas "All nodes hold the same events, positions and times, and all of them."
   :chains "The hash chains of each topic are the same on all nodes; where they part is the first event that differs."
   :resources "No node used more memory, files, threads or disk than its settings allow."
   :liveness "While all was well, something was acknowledged at least every ten seconds."
   :raft-meta "Term and vote are after a power cut what was written."
   :terms "No node's term ever falls."
   :fail-stop "A node whose fsync fails stops, instead of trying again."
   :node-logs "No node's log speaks of bugs, lack of memory or leaks, nor of an error that no fault explains."
   :stats "Every kind of call succeeded at least once."
   :evidence "Every fault proved that it happened, and every node came back."
   :goals "The run came to what it was to come to."})

(defn- e [s] (svg/escape s))

(defn- shade "The class of a verdict." [valid?] (if (keyword? valid?) (name valid?) (str valid?)))

(defn- tile [k v & [class]] (str "<div class='tile " (or class "") "'><div class='v'>" v "</div><div class='k'>" (e k) "</div></div>"))

(defn- zero-tile [k v] (tile k (format "%,d" v) (if (zero? v) "zero" "red")))

(defn- tiles [results]
  (let [f (text/figures results) ev (get-in results [:checks :evidence])]
    (str "<div class='tiles'>"
         (tile "events acknowledged" (format "%,d" (:acked f)))
         (zero-tile "lost" (:lost f)) (zero-tile "duplicated" (:duplicated f)) (zero-tile "out of order" (:reordered f))
         (zero-tile "refused, but there" (:phantom f))
         (tile "faults proven" (str (:proven ev) "/" (:planned ev)))
         (tile "longest time without an ack" (text/secs (:unavailable-max f)))
         (tile "calls done" (format "%,d" (:ok f)))
         (tile "of them during faults" (format "%,d" (:ok-during-faults f)))
         (tile "refused" (format "%,d" (:fail f)))
         (tile "outcome unknown" (format "%,d" (:info f)))
         (tile "median / p99, ms" (str (text/ms (:p50 f)) " / " (text/ms (:p99 f))))
         "</div>")))

(defn- charts [{:keys [history calls faults end samples test convictions]}]
  (let [x (svg/scale end)
        observed (filterv #(and (= :nemesis (:process %)) (= :observe (:f %))) history)
        colour (fn [s] (-> s (str/replace "leads ■" "leads <span class='sw-b'>■</span>") (str/replace "follows ■" "follows <span class='sw-g'>■</span>")
                           (str/replace "does not answer ■" "does not answer <span class='sw-y'>■</span>") (str/replace "down ■" "down <span class='sw-r'>■</span>")
                           (str/replace "done ■" "done <span class='sw-g'>■</span>") (str/replace "refused ■" "refused <span class='sw-y'>■</span>")
                           (str/replace "unknown ■" "unknown <span class='sw-r'>■</span>")))]
    (str "<div id='charts' data-end='" end "'>"
         (colour (str (svg/fault-lane faults x end) (svg/node-lanes observed faults convictions x end) (svg/rates calls faults convictions x end) (svg/latencies calls faults x end)))
         (svg/resources (filter #(<= (:time %) end) samples) samples/figures (:ceilings test) faults x end text/amount)
         "</div>")))

(defn- call-row [{:keys [process f value result type error start invoke complete convicted]}]
  (str "<tr" (when convicted " class='bad'") "><td class='n'>" (inc start) "</td><td class='n'>" (text/secs invoke) "</td><td class='n'>" (if complete (str (text/ms (- complete invoke)) " ms") "no end")
       "</td><td class='n'>" (e process) "</td><td>" (name f) "</td><td>" (e (pr-str value)) "</td><td>"
       (case type :ok (e (pr-str result)) :fail (str "refused " (e (when error (name error)))) "nobody knows") "</td></tr>"))

(defn- one-case [{:keys [check what time calls left-out lines]} test]
  (str "<div class='case' id='case-" (name check) "'><h3>" (name check) " <a href='#at-" (name check) "'>at " (text/secs time) " in the timeline</a></h3><p>" (e what) "</p>"
       (when (seq calls)
         (str "<div class='scroll'><table><tr><th>line</th><th>began</th><th>took</th><th>process</th><th>call</th><th>with</th><th>answer</th></tr>" (apply str (map call-row calls)) "</table></div>"))
       (when (pos? left-out) (str "<p class='facts'>" (format "%,d" left-out) " other calls are left out; lines are those of history.edn.</p>"))
       (when (seq lines) (str "<details open><summary>what nodes said within two seconds</summary><pre>" (e (str/join "\n" (map text/node-line lines))) "</pre></details>"))
       "<pre>" (e (text/repro test)) "</pre></div>"))

(defn- cases
  "Each check that does not hold, with the few calls that show it, what nodes said, and how to have it again."
  [{:keys [convictions test]}]
  (when (seq convictions)
    (str "<h2>Convicted</h2>" (apply str (map #(one-case % test) convictions)))))

(defn- facts [m]
  (str/join ", " (for [[k v] (dissoc m :all-ready-again)] (str (name k) " " (if (string? v) v (pr-str v))))))

(defn- fault-table [{:keys [faults checks]}]
  (let [recovery (into {} (map (juxt :number identity)) (get-in checks [:liveness :recovery]))]
    (str "<div class='scroll'><table><tr><th>#</th><th>fault</th><th>hit</th><th>began</th><th>lasted</th><th>longest without an ack</th><th>first ack after healing</th><th>evidence that it happened</th></tr>"
         (apply str
                (for [f faults :let [r (recovery (:number f))]]
                  (str "<tr data-fault='" (:number f) "'><td class='n'>" (:number f) "</td><td><b>" (e (:id f)) "</b> " (e (:name f)) (when (:with f) (str " <span class='facts'>with " (:with f) "</span>")) "</td><td>" (e (str/join ", " (:targets f)))
                       "</td><td class='n'>" (text/secs (:begin f)) "</td><td class='n'>" (text/secs (when (:healed f) (- (:healed f) (:begin f))))
                       "</td><td class='n'>" (text/secs (:unavailable-ns r)) "</td><td class='n'>" (text/secs (:after-heal-ns r))
                       "</td><td class='facts'><span class='mark " (if (:proven f) "true'>proven" "unknown'>not proven") "</span> " (e (facts (:evidence f))) "</td></tr>")))
         "</table></div>")))

(defn- summary [check]
  (str/join ", " (for [[k v] check :when (and (not= :valid? k) (or (number? v) (string? v)))] (str (name k) " " v))))

(defn- check-table [{:keys [checks convictions]}]
  (str "<div class='scroll'><table><tr><th></th><th>check</th><th>what it says</th><th>seen</th></tr>"
       (apply str
              (for [[k c] checks]
                (str "<tr><td class='mark " (shade (:valid? c)) "'>" (get {true "held" false "BROKEN" :unknown "unknown"} (:valid? c))
                     "</td><td>" (name k) "</td><td>" (e (get sentences k "")) "</td><td class='facts'>" (e (summary c))
                     (when-not (true? (:valid? c))
                       (str "<details" (when-not (some #(= k (:check %)) convictions) " open") "><summary>what is wrong</summary><pre>" (e (let [s (with-out-str (pprint/pprint c))] (subs s 0 (min 6000 (count s))))) "</pre></details>"))
                     "</td></tr>")))
       "</table></div>"))

(defn- goal-table [{:keys [checks]}]
  (when-let [goals (seq (:goals (:goals checks)))]
    (str "<h2>Goals</h2><div class='scroll'><table><tr><th></th><th>figure</th><th>reached</th><th>goal</th></tr>"
         (apply str (for [{:keys [reached label kind value bound]} goals]
                      (str "<tr><td class='mark " (if reached "true" "unknown") "'>" (if reached "reached" "not yet") "</td><td>" (e label) "</td><td class='n'>"
                           (if value (format "%,d" (long value)) "-") "</td><td class='n'>at " (name kind) " " (format "%,d" bound) "</td></tr>")))
         "</table></div>")))

(defn- operation-table [{:keys [calls]}]
  (let [ms (fn [v] (if v (format "%.1f" (double v)) ""))]
    (str "<div class='scroll'><table><tr><th>call</th><th>done</th><th>refused</th><th>unknown</th><th>median ms</th><th>p99 ms</th><th>longest ms</th></tr>"
         (apply str (for [[f s] (svg/by-operation calls)]
                      (str "<tr><td>" (name f) "</td><td class='n'>" (format "%,d" (:ok s)) "</td><td class='n'>" (format "%,d" (:fail s)) "</td><td class='n'>" (format "%,d" (:info s))
                           "</td><td class='n'>" (ms (:p50 s)) "</td><td class='n'>" (ms (:p99 s)) "</td><td class='n'>" (ms (:max s)) "</td></tr>")))
         "</table></div>")))

(defn- error-table [{:keys [calls]}]
  (let [errors (->> calls (filter :error) (map (juxt :type :error)) frequencies (sort-by (comp - val)) (take 15))]
    (str "<div class='scroll'><table><tr><th>outcome</th><th>code</th><th>calls</th></tr>"
         (apply str (for [[[type error] c] errors] (str "<tr><td>" (get {:fail "refused" :info "unknown"} type) "</td><td>" (e (name error)) "</td><td class='n'>" (format "%,d" c) "</td></tr>")))
         "</table></div>")))

(defn- alert
  "What is not as it should be, first of all."
  [{:keys [valid? checks convictions]}]
  (when-not (true? valid?)
    (str "<ul class='alert'>"
         (apply str (for [[k c] checks :when (not (true? (:valid? c)))]
                      (str "<li><span class='mark " (shade (:valid? c)) "'>" (if (false? (:valid? c)) "broken" "unknown") "</span> <b>" (name k) "</b>: "
                           (e (get sentences k "")) (when (some #(= k (:check %)) convictions) (str " <a href='#case-" (name k) "'>the calls</a> <a href='#at-" (name k) "'>when</a> "))
                           (when-not (some #(= k (:check %)) convictions)
                             (str " <span class='facts'>" (e (subs (text/explain [k c]) (+ 2 (count (name k))))) "</span>"))
                           "</li>")))
         "</ul>")))

(defn page [{:keys [valid? test] :as results} dir]
  (let [files (sort (map #(.getName ^java.io.File %) (filter #(re-find #"\.(edn|log|txt|xml|md)$" (.getName ^java.io.File %)) (.listFiles (io/file dir)))))]
    (str "<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width,initial-scale=1'><title>chaos "
         (e (:name test)) " " (:seed test) " " (text/verdict valid?) "</title><style>" style "</style></head><body><main>"
         "<header><h1>chaos " (e (:name test)) "</h1><span class='badge " (shade valid?) "'>" (text/verdict valid?) "</span></header>"
         "<p class='meta'>seed <b>" (:seed test) "</b> · commit <b>" (e (text/build test)) "</b> · <b>" (:nodes test) "</b> nodes on <b>" (e (:backend test)) "</b> · "
         (:wall-s test) " s</p>"
         (when (:cluster test) (tiles results))
         (alert results)
         (cases results)
         (goal-table results)
         (when (:cluster test)
           (str "<h2>What happened</h2>" (charts results)
                "<h2>Faults</h2>" (fault-table results)))
         (when (seq (:skipped test))
           (str "<p class='facts'><b>Skipped:</b> " (e (str/join "; " (map #(str (:name %) ": " (:why %)) (:skipped test)))) "</p>"))
         "<h2>What must hold</h2>" (check-table results)
         (when (:cluster test)
           (str "<h2>Calls</h2>" (operation-table results)
                "<h2>Why calls did not succeed</h2>" (error-table results)))
         "<h2>Again</h2><pre>" (e (text/repro test)) "\nchaos-tests/chaos check  " (e (:directory test)) "</pre>"
         "<p class='facts'>Files: " (str/join " · " (map #(str "<a href='" (e %) "'>" (e %) "</a>") files)) "</p>"
         "</main>" (when (:cluster test) (str "<div id='cross'></div><div id='when'></div><script>" script "</script>")) "</body></html>")))
