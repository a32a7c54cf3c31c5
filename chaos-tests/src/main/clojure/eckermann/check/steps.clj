(ns eckermann.check.steps
  "Appends to several topics at once are done wholly or not at all, in one order for all topics and for time; and a loop that
  moves its cursor with what it appends does every turn once.")

(defn- places [final]
  (into {} (map (fn [[t es]] [t (into {} (map (fn [[p n]] [n p])) es)])) final))

(defn- parts
  "A step's numbers by topic with the places where they are, nil where they are not."
  [place step]
  (for [[t numbers] (:value step)] {:topic t :numbers numbers :at (mapv #(get-in place [t %]) numbers)}))

(defn- side-by-side? [at] (every? (fn [[a b]] (= (inc a) b)) (partition 2 1 at)))

(defn- judge [place step]
  (let [ps (parts place step)
        all (mapcat :at ps)
        told (into {} (:result step))]
    (cond
      (and (some some? all) (some nil? all)) :torn
      (and (every? some? all) (not-every? (comp side-by-side? :at) ps)) :torn
      (and (= :ok (:type step)) (some nil? all)) :lost
      (and (= :ok (:type step)) (not-every? (fn [{:keys [topic numbers at]}] (= (get told topic) (mapv vector at numbers))) ps)) :elsewhere
      (and (= :fail (:type step)) (some some? all)) :refused-but-there)))

(defn- first-places [place step] (into {} (map (fn [{:keys [topic at]}] [topic (first at)])) (parts place step)))

(defn- crossed
  "Two steps that come in one order in one topic, and in the other order in another."
  [steps topics]
  (for [a topics b topics :when (neg? (compare a b))
        [s next-step] (partition 2 1 (sort-by #(get-in % [:places a]) (filter #(and (get-in % [:places a]) (get-in % [:places b])) steps)))
        :when (> (get-in s [:places b]) (get-in next-step [:places b]))]
    {:topics [a b] :first (:value s) :second (:value next-step)}))

(defn- back-in-time
  "A step that had ended before another began, and is behind it in a topic."
  [steps topics]
  (for [t topics
        :let [in-topic (filter #(get-in % [:places t]) steps)
              ends (sort-by :end (filter :end in-topic))
              highest (reductions max 0 (map #(get-in % [:places t]) ends))
              known (into (sorted-map) (map vector (map :end ends) (rest highest)))]
        s in-topic
        :let [before (some-> (rsubseq known < (:start s)) first val)]
        :when (and before (< (get-in s [:places t]) before))]
    {:topic t :step (:value s) :at (get-in s [:places t]) :known before}))

(defn check
  "Calls of :step, :turn and :turns-done; `final` has the topics' events, [position number]."
  [calls final done-topic]
  (let [place (places final)
        steps (filter #(= :step (:f %)) calls)
        wrong (group-by first (keep (fn [s] (when-let [w (judge place s)] [w (:value s)])) steps))
        there (for [s steps :when (every? some? (mapcat :at (parts place s)))] (assoc s :places (first-places place s)))
        topics (distinct (mapcat (comp keys :places) there))
        turns (filter #(= :turn (:f %)) calls)
        out (get final done-topic)
        cursor (last (keep #(when (and (= :turns-done (:f %)) (= :ok (:type %))) (:result %)) calls))
        found {:torn (map second (:torn wrong))
               :lost (map second (:lost wrong))
               :elsewhere (map second (:elsewhere wrong))
               :refused-but-there (map second (:refused-but-there wrong))
               :crossed (crossed there topics)
               :back-in-time (back-in-time there topics)
               :turns-out-of-order (remove (fn [[p n]] (= p n)) out)
               :turns-lost (remove (set (map second out)) (map :result (filter #(= :ok (:type %)) turns)))
               :cursor-apart (when (and cursor (not= cursor (count out))) [{:cursor cursor :turns (count out)}])}]
    {:valid? (every? empty? (vals found))
     :steps (count steps) :done (count there) :unknown (count (filter #(= :info (:type %)) steps)) :turns (count out)
     :anomalies (into (sorted-map) (keep (fn [[k v]] (when (seq v) [k (vec (take 5 v))]))) found)}))
