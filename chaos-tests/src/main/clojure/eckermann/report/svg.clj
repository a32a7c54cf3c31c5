(ns eckermann.report.svg
  "The charts of a run, over one axis of time: what nodes did, how many calls ended, how long they took. Faults are shaded."
  (:require [clojure.string :as str]))

(def ^:const width 1120)
(def ^:const left 64)
(def ^:const right 16)

(defn escape [s]
  (-> (str s) (str/replace "&" "&amp;") (str/replace "<" "&lt;") (str/replace ">" "&gt;") (str/replace "\"" "&quot;")))

(defn scale
  "Time in ns to x."
  [end]
  (let [span (max 1 end)]
    (fn [t] (+ left (* (- width left right) (/ (double t) span))))))

(defn- n [x] (String/format java.util.Locale/ROOT "%.1f" (object-array [(double x)])))

(defn- text [x y s & {:keys [anchor class] :or {anchor "start" class "t"}}]
  (str "<text x='" (n x) "' y='" (n y) "' text-anchor='" anchor "' class='" class "'>" (escape s) "</text>"))

(defn bands
  "A shade for every fault: darker until it was healed, lighter until all nodes were ready again."
  [faults x height end]
  (apply str
         (for [f faults
               :let [a (x (:begin f)) b (x (or (:healed f) end)) c (x (or (:recovered f) (:healed f) end))]]
           (str "<g class='band' data-fault='" (:number f) "'><title>" (:number f) " " (escape (:name f)) " " (escape (str/join ", " (:targets f))) "</title>"
                "<rect x='" (n a) "' y='0' width='" (n (max 1 (- b a))) "' height='" height "' class='hurt'/>"
                "<rect x='" (n b) "' y='0' width='" (n (max 0 (- c b))) "' height='" height "' class='heal'/></g>"))))

(defn marks
  "Where something was convicted: a line of its own, to which the page links."
  [convictions x height & {:keys [named]}]
  (apply str
         (for [{:keys [check time]} convictions :let [at (x time)]]
           (str "<g class='convicted' data-check='" (name check) "'" (when named (str " id='at-" (name check) "'")) "><title>" (name check) ", " (n (/ time 1e9)) " s</title>"
                "<line x1='" (n at) "' x2='" (n at) "' y1='0' y2='" height "'/>"
                (when named (str "<path d='M" (n (- at 6)) " 0h12l-6 9z'/>")) "</g>"))))

(defn- seconds-axis [x end height]
  (let [s (/ end 1e9)
        step (first (filter #(<= (/ s %) 14) [1 2 5 10 20 30 60 120 300 600 1800 3600 7200]))]
    (apply str
           (for [t (range 0 (inc (long s)) step) :let [at (x (* t 1e9))]]
             (str "<line x1='" (n at) "' x2='" (n at) "' y1='0' y2='" height "' class='grid'/>"
                  (text at (+ height 14) (if (< s 600) (str t " s") (format "%d:%02d" (quot t 60) (rem t 60))) :anchor "middle"))))))

(defn- frame [id title height body]
  (str "<figure><figcaption>" title "</figcaption><svg id='" id "' class='chart' viewBox='0 0 " width " " (+ height 20) "' role='img' aria-label='"
       (escape (str/replace title " ■" "")) "'>" body "</svg></figure>"))

(defn fault-lane
  "The names of the faults, in rows so that none covers another."
  [faults x end]
  (let [rows 4 height (* rows 17)]
    (frame "lane" "Faults, by number: broken (dark), coming back (light)" height
           (str (bands faults x height end)
                (apply str (for [[i f] (map-indexed vector faults)]
                             (text (min (+ 3 (x (:begin f))) (- width 170)) (+ 12 (* 17 (rem i rows))) (str (:number f) " " (:name f)) :class "label")))))))

(defn node-lanes [observed faults convictions x end]
  (let [nodes (sort (distinct (mapcat (comp keys :value) observed)))
        row 22 height (* row (max 1 (count nodes)))
        state (fn [{:keys [up leads silent]}] (cond (not up) "down" leads "leads" silent "silent" :else "follows"))]
    (frame "nodes" "Nodes: leads ■, follows ■, does not answer ■, down ■" height
           (str (seconds-axis x end height)
                (apply str
                       (for [[i node] (map-indexed vector nodes)
                             :let [seen (map (fn [o] [(:time o) (state (get (:value o) node)) (:term (get (:value o) node))]) observed)
                                   runs (partition-by second seen)]]
                         (str (text (- left 8) (+ 15 (* i row)) (name node) :anchor "end")
                              (apply str
                                     (for [[run following] (map vector runs (concat (rest runs) [nil]))
                                           :let [[from what term] (first run)
                                                 to (or (ffirst following) (min end (+ (first (last run)) 500000000)))]]
                                       (str "<rect x='" (n (x from)) "' y='" (+ 3 (* i row)) "' width='" (n (max 1 (- (x to) (x from)))) "' height='" (- row 6)
                                            "' class='" what "'><title>" (name node) " " what (when (and term (pos? term)) (str ", term " term)) ", from " (n (/ from 1e9)) " s</title></rect>"))))))
                (bands faults x height end)
                (marks convictions x height :named true)))))

(defn- nice [m] (first (filter #(<= m %) (for [e (range 0 9) f [1 2 5]] (* f (long (Math/pow 10 e)))))))

(defn rates
  "Calls that ended, by second and type."
  [calls faults convictions x end]
  (let [height 150
        secs (inc (long (/ end 1e9)))
        bucket (fn [type] (frequencies (map #(long (/ (:complete %) 1e9)) (filter #(and (= type (:type %)) (:complete %)) calls))))
        by {:ok (bucket :ok) :fail (bucket :fail) :info (bucket :info)}
        top (nice (max 1 (reduce max 1 (mapcat vals (vals by)))))
        y (fn [v] (- height (* (- height 6) (/ (double v) top))))
        path (fn [type] (str/join " " (for [s (range secs)] (str (n (x (* (+ s 0.5) 1e9))) "," (n (y (get-in by [type s] 0)))))))]
    (frame "rates" "Calls that ended, a second: done ■, refused ■, unknown ■" height
           (str (seconds-axis x end height)
                (apply str (for [v [0 (/ top 2) top]] (str "<line x1='" left "' x2='" (- width right) "' y1='" (n (y v)) "' y2='" (n (y v)) "' class='grid'/>"
                                                           (text (- left 8) (+ 4 (y v)) (str (long v)) :anchor "end"))))
                (bands faults x height end)
                "<polygon class='ok-area' points='" (n (x 0)) "," height " " (path :ok) " " (n (x (* secs 1e9))) "," height "'/>"
                "<polyline class='ok-line' points='" (path :ok) "'/>"
                "<polyline class='fail-line' points='" (path :fail) "'/>"
                "<polyline class='info-line' points='" (path :info) "'/>"
                (marks convictions x height)))))

(defn- sample [xs limit]
  (let [c (count xs) step (max 1 (quot c limit))] (take-nth step xs)))

(defn latencies
  "Every call a dot, on a logarithmic scale; lines for the median and the 99th percentile of each second."
  [calls faults x end]
  (let [height 230
        timed (filter #(and (:complete %) (not (#{:follow :lease} (:f %)))) calls)
        lat (fn [c] (max 0.1 (/ (- (:complete c) (:invoke c)) 1e6)))
        top 20000.0 bottom 0.1
        y (fn [ms] (- height (* height (/ (- (Math/log10 (min top ms)) (Math/log10 bottom)) (- (Math/log10 top) (Math/log10 bottom))))))
        bad (remove #(= :ok (:type %)) timed)
        shown (concat (sample (filter #(= :ok (:type %)) timed) 3500) (sample bad 1500))
        by-second (group-by #(long (/ (:complete %) 1e9)) (filter #(= :ok (:type %)) timed))
        line (fn [p] (str/join " " (for [[s cs] (sort-by key by-second) :let [v (vec (sort (map lat cs)))]]
                                     (str (n (x (* (+ s 0.5) 1e9))) "," (n (y (nth v (min (dec (count v)) (long (* p (count v))))))))))) ]
    (frame "latencies" "How long calls took: done ■, refused ■, unknown ■; lines: median and 99th percentile of each second" height
           (str (seconds-axis x end height)
                (apply str (for [[v label] [[0.1 "0.1 ms"] [1 "1 ms"] [10 "10 ms"] [100 "100 ms"] [1000 "1 s"] [10000 "10 s"]]]
                             (str "<line x1='" left "' x2='" (- width right) "' y1='" (n (y v)) "' y2='" (n (y v)) "' class='grid'/>"
                                  (text (- left 8) (+ 4 (y v)) label :anchor "end"))))
                (bands faults x height end)
                (apply str (for [c shown] (str "<circle cx='" (n (x (:complete c))) "' cy='" (n (y (lat c))) "' r='1.6' class='d-" (name (:type c)) "'/>")))
                "<polyline class='p50' points='" (line 0.5) "'/><polyline class='p99' points='" (line 0.99) "'/>"))))

(defn resources
  "What each node used over time, a small chart for every figure, with its ceiling as far as it is in sight."
  [samples figures ceilings faults x end amount]
  (let [height 64 nodes (sort (distinct (mapcat #(keys (dissoc % :time)) samples)))]
    (apply str
           (for [[figure label] figures
                 :let [seen (for [s samples node nodes :let [v (get-in s [node figure])] :when v] v)]
                 :when (seq seen)
                 :let [top (* 1.15 (reduce max seen)) ceiling (get ceilings figure)
                       y (fn [v] (- height (* height (/ (double v) top))))]]
             (frame (str "used-" (name figure)) (str "Nodes' " label ": at most " (amount figure (reduce max seen)) (when ceiling (str " of " (amount figure ceiling)))) height
                    (str (seconds-axis x end height)
                         (text (- left 8) 10 (amount figure (long top)) :anchor "end")
                         (text (- left 8) height "0" :anchor "end")
                         (bands faults x height end)
                         (when (and ceiling (< ceiling top))
                           (str "<line x1='" left "' x2='" (- width right) "' y1='" (n (y ceiling)) "' y2='" (n (y ceiling)) "' class='ceiling'/>"))
                         (apply str
                                (for [[i node] (map-indexed vector nodes)
                                      run (partition-by (comp some? second) (map (fn [s] [(:time s) (get-in s [node figure])]) samples))
                                      :when (second (first run))]
                                  (str "<polyline class='used u" (rem i 7) "' points='" (str/join " " (for [[t v] run] (str (n (x t)) "," (n (y v))))) "'><title>" (name node) "</title></polyline>")))))))))

(defn by-operation
  "How long each kind of call took, as a table's rows need it."
  [calls]
  (into (sorted-map)
        (for [[f cs] (group-by :f calls)
              :let [l (vec (sort (map #(/ (- (:complete %) (:invoke %)) 1e6) (filter #(= :ok (:type %)) cs))))
                    p (fn [q] (when (seq l) (nth l (min (dec (count l)) (long (* q (count l)))))))]]
          [f (merge {:ok 0 :fail 0 :info 0} (frequencies (map :type cs)) {:p50 (p 0.5) :p99 (p 0.99) :max (peek l)})])))
